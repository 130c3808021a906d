"""The living style page."""

from django.urls import path

from medskick.design import views

urlpatterns = [path("stil", views.style, name="style"), path("stil/<slug:name>", views.style_shell, name="style_shell")]
