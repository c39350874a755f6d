"""The site of the administration pages. Apart from admin.py, for Django's own admin modules ask for it as they load."""

from collections.abc import Iterable

from django.contrib import admin
from django.urls import URLPattern, URLResolver

from .permissions import FORM, Act, may

OURS = {"sikkerby", "closures", "initiatives", "catalogue", "reports"}


class Site(admin.AdminSite):
    """Guarded by the policy table like every other page; log-in and log-out are the application's own."""

    site_header = "Sikker By – administration"
    site_title = "Sikker By"
    index_title = "Brugere og stamdata"
    enable_nav_sidebar = False

    def register(self, model_or_iterable, admin_class=None, **options):
        """Only our rooms' models: the libraries offer theirs too, in English and with acts that are none of ours."""
        models = model_or_iterable if isinstance(model_or_iterable, (list, tuple)) else [model_or_iterable]
        super().register([each for each in models if each._meta.app_label in OURS], admin_class, **options)

    def has_permission(self, request):
        return request.user.is_authenticated and request.user.may(Act.ADMINISTER)

    def get_urls(self):
        urls = [url for url in super().get_urls() if getattr(url, "name", None) != "login"]
        _guard(urls)
        return urls


def _guard(urls: Iterable[URLPattern | URLResolver]) -> None:
    """Each view of Django's states our act, so that it is asked the same way as ours."""
    for url in urls:
        if isinstance(url, URLResolver):
            _guard(url.url_patterns)
        else:
            url.callback = may(Act.ADMINISTER, FORM)(url.callback)
