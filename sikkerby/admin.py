"""The administration pages: users, reference data, and the access log to read. The rooms edit the rest."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm

from .forms import AdminForm, CheckedText
from .models import AccessLog, Administration, AdministrationName, District, Duty, User


class UserForm(CheckedText, UserChangeForm):
    pass


class NewUserForm(CheckedText, AdminUserCreationForm):
    may_look_like_cpr = {"password1", "password2"}


class DutyInline(admin.TabularInline):
    model = Duty
    form = AdminForm
    extra = 0


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """People and their roles. An account is closed, not deleted: what its person did keeps their name."""

    form = UserForm
    add_form = NewUserForm
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
    form = AdminForm
    extra = 0


@admin.register(Administration)
class AdministrationAdmin(admin.ModelAdmin):
    form = AdminForm
    list_display = ("name", "abbreviation")
    inlines = (AdministrationNameInline,)


@admin.register(District)
class DistrictAdmin(admin.ModelAdmin):
    form = AdminForm


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
