from django.urls import path

from medskick.flows.benefit_outcomes import views

urlpatterns = [path("for-in-nytta/<uuid:item_id>", views.feed, name="feed_outcomes")]
