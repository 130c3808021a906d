from django.urls import path

from medskick.flows.adopt_initiative import views

urlpatterns = [path("insats-av/<uuid:answer_id>", views.adopt_a_draft, name="adopt_initiative")]
