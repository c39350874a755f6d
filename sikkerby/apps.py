from django.apps import AppConfig
from django.contrib.admin import apps as admin


class SikkerByConfig(AppConfig):
    name = "sikkerby"
    verbose_name = "Brugere og stamdata"
    default = True


class AdministrationConfig(admin.AdminConfig):
    """Django's admin, with our own site: guarded by the policy table, for users and reference data only."""

    default = False
    default_site = "sikkerby.administration.Site"
