from django.urls import path

from .views import initiatives, parts, strategies

app_name = "initiatives"
urlpatterns = [
    path("strategi/", strategies.strategy_list, name="strategy_list"),
    path("strategi/ny/", strategies.new_strategy, name="strategy_new"),
    path("strategi/<slug:strategy>/", strategies.strategy, name="strategy"),
    path("strategi/<slug:strategy>/ret/", strategies.edit_strategy, name="strategy_edit"),
    path("strategi/<slug:strategy>/princip/ny/", strategies.new_principle, name="principle_new"),
    path("strategi/<slug:strategy>/<slug:principle>/", strategies.principle, name="principle"),
    path("strategi/<slug:strategy>/<slug:principle>/ret/", strategies.edit_principle, name="principle_edit"),
    path("strategi/<slug:strategy>/<slug:principle>/raekker/ny/", strategies.new_entry, name="entry_new"),
    path("strategi/<slug:strategy>/<slug:principle>/effektmaal/ny/", parts.new_principle_target, name="goal_new"),
    path("raekker/<int:pk>/ret/", strategies.edit_entry, name="entry_edit"),
    path("raekker/<int:pk>/op/", strategies.move_entry_up, name="entry_up"),
    path("raekker/<int:pk>/ned/", strategies.move_entry_down, name="entry_down"),
    path("raekker/<int:pk>/fjern/", strategies.remove_entry, name="entry_remove"),
    path("indsatser/", initiatives.initiative_list, name="initiative_list"),
    path("indsatser/ny/", initiatives.new_initiative, name="initiative_new"),
    path("indsatser/<int:pk>/", initiatives.initiative, name="initiative"),
    path("indsatser/<int:pk>/ret/", initiatives.edit_initiative, name="initiative_edit"),
    path("indsatser/<int:pk>/status/ny/", parts.new_status, name="status_new"),
    path("indsatser/<int:pk>/milepaele/ny/", parts.new_milestone, name="milestone_new"),
    path("indsatser/<int:pk>/bevillinger/ny/", parts.new_funding, name="funding_new"),
    path("indsatser/<int:pk>/effektmaal/ny/", parts.new_target, name="target_new"),
    path("indsatser/<int:pk>/evalueringer/ny/", parts.new_evaluation, name="evaluation_new"),
    path("milepaele/<int:pk>/ret/", parts.edit_milestone, name="milestone_edit"),
    path("milepaele/<int:pk>/fjern/", parts.remove_milestone, name="milestone_remove"),
    path("bevillinger/<int:pk>/ret/", parts.edit_funding, name="funding_edit"),
    path("bevillinger/<int:pk>/fjern/", parts.remove_funding, name="funding_remove"),
    path("effektmaal/<int:pk>/ret/", parts.edit_target, name="target_edit"),
    path("effektmaal/<int:pk>/fjern/", parts.remove_target, name="target_remove"),
    path("effektmaal/<int:pk>/maalinger/ny/", parts.new_measurement, name="measurement_new"),
    path("maalinger/<int:pk>/fjern/", parts.remove_measurement, name="measurement_remove"),
    path("evalueringer/<int:pk>/ret/", parts.edit_evaluation, name="evaluation_edit"),
]
