"""The administration pages: users and reference data, and the access log to read. The rooms' own pages edit the rest."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin

from .models import AccessLog, Administration, AdministrationName, District, Duty, User
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


class DutyInline(admin.TabularInline):
    model = Duty
    extra = 0


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """People and their roles. An account is closed, not deleted: what its person did keeps their name."""

    list_display = ("username", "name", "email", "is_active")
    list_filter = ("is_active", "duties__kind")
    search_fields = ("username", "name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login",)
    fieldsets = ((None, {"fields": ("username", "password", "name", "email", "phone", "is_active", "last_login")}),)
    add_fieldsets = ((None, {"fields": ("username", "name", "email", "usable_password", "password1", "password2")}),)
    inlines = (DutyInline,)

    def has_delete_permission(self, request, obj=None):
        return False


class AdministrationNameInline(admin.TabularInline):
    model = AdministrationName
    extra = 0


@admin.register(Administration)
class AdministrationAdmin(admin.ModelAdmin):
    list_display = ("name", "abbreviation")
    inlines = (AdministrationNameInline,)


@admin.register(District)
class DistrictAdmin(admin.ModelAdmin):
    pass


@admin.register(AccessLog)
class AccessLogAdmin(admin.ModelAdmin):
    """Read only: who fetched what."""

    list_display = ("at", "user", "what", "ip_address")
    list_select_related = ("user",)
    date_hierarchy = "at"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
