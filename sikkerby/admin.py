"""The administration pages: users and reference data. The rooms edit the rest."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from post_office.models import STATUS

from .forms import AdminForm, CheckedText
from .models import Administration, AdministrationName, District, Duty, Notice, User


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


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """The mails, and what became of them."""

    list_display = ("at", "user", "subject", "status")
    list_select_related = ("user", "email")
    date_hierarchy = "at"
    search_fields = ("user__name", "user__email")
    fields = ("at", "user", "subject", "text", "status", "refusal")

    @admin.display(description="emne")
    def subject(self, notice: Notice) -> str:
        return notice.email.subject if notice.email else "(slettet)"

    @admin.display(description="tekst")
    def text(self, notice: Notice) -> str:
        return notice.email.message if notice.email else "(slettet)"

    @admin.display(description="status")
    def status(self, notice: Notice) -> str:
        return MAIL_STATUS.get(notice.email.status, "") if notice.email else ""

    @admin.display(description="svar fra mailserveren")
    def refusal(self, notice: Notice) -> str:
        latest = notice.email.logs.order_by("date").last() if notice.email else None
        return latest.message if latest else ""


MAIL_STATUS = {
    STATUS.queued: "venter på at blive sendt",
    STATUS.requeued: "afvist, forsøges igen",
    STATUS.failed: "kunne ikke sendes",
    STATUS.sent: "sendt",
}
