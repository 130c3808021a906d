from django.urls import path

from medskick.flows.adopt_voice import views

urlpatterns = [
    path("ta-upp/svar/<uuid:answer_id>", views.adopt_an_answer, name="adopt_answer"),
    path("ta-upp/<uuid:item_id>", views.adopt_an_item, name="adopt_voice"),
]
