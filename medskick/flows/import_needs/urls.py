from django.urls import path

from medskick.flows.import_needs import views

urlpatterns = [
    path("importera-behov", views.choose_file, name="import_needs"),
    path("importera-behov/spara", views.save_file, name="import_needs_save"),
]
