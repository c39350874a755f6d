"""The administration pages: users and reference data, and the access log to read. The rooms' own pages edit the rest."""

from django.contrib import admin

from .permissions import Act


class Site(admin.AdminSite):
    site_header = "Sikker By – administration"
    site_title = "Sikker By"
    index_title = "Brugere og stamdata"

    def has_permission(self, request):
        return request.user.is_authenticated and request.user.may(Act.ADMINISTER)
