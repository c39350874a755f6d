from django.urls import path

from .views import closures, figures, institutions, registering, schedule

app_name = "closures"
urlpatterns = [
    path("lukninger/", closures.closure_list, name="closure_list"),
    path("lukninger/ny/", registering.new, name="closure_new"),
    path("lukninger/taeller/", registering.count, name="closure_count"),
    path("lukninger/opgoerelse/", figures.years, name="figures"),
    path("lukninger/opgoerelse/<int:year>/", figures.year, name="year_figures"),
    path("lukninger/<int:pk>/", closures.closure, name="closure"),
    path("lukninger/<int:pk>/ret/", closures.change, name="closure_change"),
    path("lukninger/<int:pk>/afslut/", closures.end, name="closure_end"),
    path("lukninger/<int:pk>/traek-tilbage/", closures.withdraw, name="closure_withdraw"),
    path("lukninger/<int:pk>/svar/", closures.answer, name="closure_answer"),
    path("lukninger/<int:pk>/gennemgaaet/", closures.review, name="closure_review"),
    path("lukninger/<int:pk>/spoergsmaal/", closures.ask, name="closure_ask"),
    path("lukninger/<int:pk>/tag-ud/", closures.exclude, name="closure_exclude"),
    path("lukninger/<int:pk>/aendr-art/", closures.reclassify, name="closure_reclassify"),
    path("institutioner/", institutions.institution_list, name="institution_list"),
    path("institutioner/ny/", institutions.new, name="institution_new"),
    path("institutioner/<int:pk>/", institutions.institution, name="institution"),
    path("institutioner/<int:pk>/ret/", institutions.change, name="institution_change"),
    path("institutioner/<int:pk>/ledere/ny/", schedule.new_leadership, name="leadership_new"),
    path("institutioner/<int:pk>/ledere/<int:row>/", schedule.change_leadership, name="leadership_change"),
    path("institutioner/<int:pk>/aabningstider/ny/", schedule.new_hours, name="hours_new"),
    path("institutioner/<int:pk>/aabningstider/<int:row>/", schedule.change_hours, name="hours_change"),
    path("institutioner/<int:pk>/aabningstider/<int:row>/slet/", schedule.delete_hours, name="hours_delete"),
    path("institutioner/<int:pk>/lukkedage/ny/", schedule.new_closing, name="closing_new"),
    path("institutioner/<int:pk>/lukkedage/<int:row>/", schedule.change_closing, name="closing_change"),
    path("institutioner/<int:pk>/lukkedage/<int:row>/slet/", schedule.delete_closing, name="closing_delete"),
]
