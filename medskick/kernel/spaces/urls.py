from django.urls import path

from medskick.kernel.spaces import views

urlpatterns = [
    path("arbete/natverk", views.networks, name="networks"),
    path("arbete/natverk/<uuid:network_id>", views.network_space, name="network_space"),
    path("arbete/natverk/<uuid:network_id>/fraga", views.new_space_question, name="new_space_question"),
    path("arbete/natverk/<uuid:network_id>/bevakning", views.space_following, name="space_following"),
    path("arbete/natverk/<uuid:network_id>/lamna", views.network_leaving, name="network_leaving"),
    path("arbete/natverk/fraga/<uuid:item_id>", views.space_question, name="space_question"),
    path("arbete/natverk/svar/<uuid:item_id>", views.space_answer, name="space_answer"),
    path("arbete/natverk/svar/<uuid:item_id>/hjalpte", views.answer_acceptance, name="answer_acceptance"),
    path("arbete/natverk/rum/<uuid:item_id>", views.space_of_item, name="space_of_item"),
]
