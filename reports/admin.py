"""Reference data of this room: the committees, what they have been called, and who sits on them."""

from django.contrib import admin

from sikkerby.forms import AdminForm

from .models import Committee, CommitteeName, Seat


class CommitteeNameInline(admin.TabularInline):
    model = CommitteeName
    form = AdminForm
    extra = 0


class SeatInline(admin.TabularInline):
    model = Seat
    form = AdminForm
    extra = 0


@admin.register(Committee)
class CommitteeAdmin(admin.ModelAdmin):
    form = AdminForm
    list_display = ("name", "abbreviation", "administration")
    list_select_related = ("administration",)
    search_fields = ("name", "abbreviation")
    inlines = (CommitteeNameInline, SeatInline)
