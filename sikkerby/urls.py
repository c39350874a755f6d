from django.contrib import admin
from django.urls import include, path

from . import access_log, login, views

urlpatterns = [
    path("", views.home, name="home"),
    path("soeg/", views.search, name="search"),
    path("historik/<str:label>/<int:pk>/", views.history, name="history"),
    path("log-ind/", login.log_in, name="log_in"),
    path("log-ud/", login.log_out, name="log_out"),
    path("konto/", login.account, name="account"),
    path("konto/mail/", login.account_mail, name="account_mail"),
    path("driftsstatus/", views.health, name="health"),
    path("adgangslog/", access_log.access_log, name="access_log"),
    path("adgangslog/<int:pk>/", access_log.reading, name="access_log_reading"),
    path("administration/", admin.site.urls),
    path("", include("initiatives.urls")),
    path("", include("closures.urls")),
    path("katalog/", include("catalogue.urls")),
    path("", include("reports.urls")),
]
