from django.urls import path

from .views import catalogues, practices

app_name = "catalogue"
urlpatterns = [
    path("", practices.practice_list, name="practice_list"),
    path("ny/", practices.new_practice, name="practice_new"),
    path("<int:pk>/", practices.practice, name="practice"),
    path("<int:pk>/ret/", practices.edit_practice, name="practice_edit"),
    path("kataloger/ny/", catalogues.new_catalogue, name="catalogue_new"),
    path("kataloger/<int:pk>/", catalogues.catalogue, name="catalogue"),
    path("kataloger/<int:pk>/ret/", catalogues.edit_catalogue, name="catalogue_edit"),
    path("kataloger/<int:pk>/temaer/ny/", catalogues.new_theme, name="theme_new"),
    path("kataloger/<int:pk>/udgaver/ny/", catalogues.new_edition, name="edition_new"),
    path("temaer/<int:pk>/ret/", catalogues.edit_theme, name="theme_edit"),
]
