"""Reference data of this room: the committees, what they have been called, and who sits on them."""

from django.contrib import admin

from .models import Committee, CommitteeName, Seat


class CommitteeNameInline(admin.TabularInline):
    model = CommitteeName
    extra = 0


class SeatInline(admin.TabularInline):
    model = Seat
    extra = 0


@admin.register(Committee)
class CommitteeAdmin(admin.ModelAdmin):
    list_display = ("name", "abbreviation", "administration")
    list_select_related = ("administration",)
    search_fields = ("name", "abbreviation")
    inlines = (CommitteeNameInline, SeatInline)
