from django.urls import path

from medskick.kernel.assistance.views import handover, helping, mandates, objections, places, seen

urlpatterns = [
    path("hjalp-pa-plats", places.help_in_person, name="help_in_person"),
    path("hjalp/pagar", helping.assistance_alive, name="assistance_alive"),
    path("hjalp/sluta", helping.end_assistance, name="end_assistance"),
    path("mina/hjalp", seen.help_received, name="help_received"),
    path("mina/hjalp/godkann", seen.approve, name="approve_help"),
    path("mina/hjalp/<uuid:assistance_id>/avslut", seen.end_help_given, name="end_help_given"),
    path("mina/hjalp/<uuid:about_id>/invandning", seen.objection_form, name="object"),
    path("mina/invandningar/<uuid:item_id>", seen.my_objection, name="my_objection"),
    path("mina/ombud", mandates.my_mandates, name="my_mandates"),
    path("mina/ombud/nytt", mandates.new_proxy, name="new_proxy"),
    path("mina/ombud/<uuid:mandate_id>/avslut", mandates.end_my_mandate, name="end_my_mandate"),
    path("arbete/hjalp", helping.assistance, name="assistance"),
    path("arbete/hjalp/vem", helping.assistance_whom, name="assistance_whom"),
    path("arbete/hjalp/sa-kom-det-in", helping.came_in, name="came_in"),
    path("arbete/hjalp/overlamning", handover.handover, name="handover"),
    path("arbete/hjalp/overlamning/<uuid:note_id>/klar", handover.handover_taken, name="handover_taken"),
    path("arbete/hjalp/uppdrag", mandates.mandates, name="mandates"),
    path("arbete/hjalp/uppdrag/nytt", mandates.new_mandate, name="new_mandate"),
    path("arbete/hjalp/uppdrag/<uuid:mandate_id>/avslut", mandates.end_kept_mandate, name="end_mandate"),
    path("arbete/hjalp/<uuid:assistance_id>", helping.assistance_asked, name="assistance_asked"),
    path("arbete/invandningar", objections.objections, name="objections"),
    path("arbete/invandningar/<uuid:item_id>", objections.objection, name="objection"),
    path("arbete/administration/hjalpplatser", places.administer_help_places, name="help_places"),
    path("arbete/administration/hjalpplatser/ny", places.new_help_place, name="new_help_place"),
    path("arbete/administration/hjalpplatser/<uuid:place_id>", places.change_place, name="change_help_place"),
    path("arbete/administration/hjalpplatser/<uuid:place_id>/avslut", places.close_place, name="close_help_place"),
]
