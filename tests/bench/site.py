"""What the application is measured against, at addresses that only exist here: a bare view, and Django's own list."""

from django.contrib import admin
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from closures.models import Closure


def bare(request: HttpRequest) -> HttpResponse:
    """As little as a view can be behind the same middleware, which has asked who is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return HttpResponse(str(cursor.fetchone()))


class Site(admin.AdminSite):
    """For whoever has logged in: the office is compared with itself."""

    def has_permission(self, request):
        return request.user.is_authenticated


class ClosureAdmin(admin.ModelAdmin):
    """The columns and filters of our list, as Django's administration has them by itself."""

    list_display = ("institution", "dates", "kind", "half_days", "status", "number")
    list_filter = ("kind", "status", "institution__district", "institution__administration", "institution")
    list_select_related = ("institution__administration", "institution__district", "institution__parent")
    date_hierarchy = "first_day"
    search_fields = ("=id",)
    list_per_page = 50

    def has_view_permission(self, request, obj=None):
        return True


site = Site(name="bench")
site.register(Closure, ClosureAdmin)
urlpatterns = [
    path("bench/bare/", bare),
    path("bench/admin/", site.urls),
    path("", include("sikkerby.urls")),
]
