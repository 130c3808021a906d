from django.urls import path

from medskick.kernel.privacy.views import administration, mine, protection

urlpatterns = [
    path("om/personuppgifter", administration.privacy, name="privacy"),
    path("arbete/administration/behandlingar", administration.processing_register, name="processing_register"),
    path("arbete/administration/behandlingar.csv", administration.register_csv, name="processing_register_csv"),
    path("arbete/administration/behandlingar/<str:key>", administration.processing, name="processing"),
    path("arbete/administration/dataskydd", administration.contact, name="data_protection_contact"),
    path("arbete/administration/rattelser", administration.disputes, name="disputes"),
    path("arbete/administration/rattelser/<uuid:item_id>", administration.answer_dispute, name="answer_dispute"),
    path("arbete/administration/skyddade", protection.protected_persons, name="protected_persons"),
    path("arbete/administration/skyddade/<uuid:mark_id>", protection.protection, name="protection"),
    path("arbete/administration/skyddade/<uuid:mark_id>/upphord", protection.end, name="protection_end"),
    path("arbete/skydda/<uuid:item_id>", protection.protect_voice, name="protect_voice"),
    path("arbete/fraga-igen/<uuid:item_id>", protection.ask_again, name="ask_again"),
    path("mina/uppgifter", mine.my_data, name="my_data"),
    path("mina/uppgifter/kopia", mine.copy, name="my_data_copy"),
    path("mina/uppgifter/kopia/<uuid:export_id>", mine.kept_copy, name="my_kept_copy"),
    path("mina/uppgifter/lasningar", mine.readings, name="my_readings"),
    path("mina/uppgifter/samtycken", mine.consents, name="my_consents"),
    path("mina/uppgifter/samtycken/<str:purpose>", mine.consent, name="my_consent"),
    path("mina/uppgifter/stammer-inte/<str:model>/<uuid:row_id>", mine.dispute_thing, name="dispute_thing"),
]
