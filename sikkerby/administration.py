"""The site of the administration pages. Apart from admin.py, for Django's own admin modules ask for it as they load."""

from django.contrib import admin

from .permissions import FORM, Act, may

OURS = {"sikkerby", "closures", "initiatives", "catalogue", "reports"}


class Site(admin.AdminSite):
    """Guarded by the policy table like every other page; log-in and password are the application's own."""

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

    def admin_view(self, view, cacheable=False):
        return may(Act.ADMINISTER, FORM)(super().admin_view(view, cacheable))

    def get_urls(self):
        return [url for url in super().get_urls() if getattr(url, "name", None) != "login"]
