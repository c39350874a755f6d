app_name = "closures"
urlpatterns = []
