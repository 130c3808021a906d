from django.urls import path

from medskick.flows.adopt_cluster import views

urlpatterns = [
    path("ta-upp/forslag/<uuid:cluster_id>", views.need_of_cluster, name="adopt_cluster_need"),
    path("insats-av/forslag/<uuid:cluster_id>", views.initiative_of_cluster, name="adopt_cluster_initiative"),
]
