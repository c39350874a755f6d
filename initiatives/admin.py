"""Reference data of this room."""

from django.contrib import admin

from sikkerby.forms import AdminForm

from .models import Partner


@admin.register(Partner)
class PartnerAdmin(admin.ModelAdmin):
    form = AdminForm
    search_fields = ["name"]
