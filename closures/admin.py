"""Reference data of this room: totals without dates. Shared calendars have pages of the office's own."""

from django.contrib import admin

from sikkerby.forms import AdminForm

from .models import ReportedTotal


@admin.register(ReportedTotal)
class ReportedTotalAdmin(admin.ModelAdmin):
    """A year or month that is known only as a sum."""

    form = AdminForm
    list_display = ("year", "month", "institution", "kind", "half_days", "units", "source")
    list_select_related = ("institution",)
    list_filter = ("year",)
