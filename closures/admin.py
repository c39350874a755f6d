"""Reference data of this room: calendars that many institutions share, and totals without dates."""

from django import forms
from django.contrib import admin
from django.db import models

from sikkerby.forms import AdminForm, DanishDateField, DanishDateInput

from .models import Institution, PlannedClosing, ReportedTotal, SharedCalendar


class PlannedClosingInline(admin.TabularInline):
    model = PlannedClosing
    form = AdminForm
    fields = ("first_day", "last_day", "reason")
    extra = 1
    formfield_overrides = {models.DateField: {"form_class": DanishDateField, "widget": DanishDateInput}}


class SharedCalendarForm(AdminForm):
    kinds = forms.MultipleChoiceField(
        label="Gælder for",
        choices=Institution.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Vælg ingen, hvis kalenderen gælder alle institutioner.",
    )

    class Meta:
        model = SharedCalendar
        fields = ("name", "kinds")


@admin.register(SharedCalendar)
class SharedCalendarAdmin(admin.ModelAdmin):
    """Planned closings kept for whole kinds of institutions. Closures that are counted are not counted again."""

    form = SharedCalendarForm
    list_display = ("name", "kinds_in_words")
    inlines = (PlannedClosingInline,)

    @admin.display(description="gælder for")
    def kinds_in_words(self, calendar: SharedCalendar) -> str:
        return ", ".join(Institution.Kind(each).label for each in calendar.kinds) or "alle institutioner"


@admin.register(ReportedTotal)
class ReportedTotalAdmin(admin.ModelAdmin):
    """A year or month that is known only as a sum."""

    form = AdminForm
    list_display = ("year", "month", "institution", "kind", "half_days", "units", "source")
    list_select_related = ("institution",)
    list_filter = ("year",)
