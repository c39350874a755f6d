from django.contrib import admin
from django.urls import path

urlpatterns = [path("administration/", admin.site.urls)]
