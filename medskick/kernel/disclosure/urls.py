from django.urls import path

from medskick.kernel.disclosure.views import desk, diary, public

REQUEST = "arbete/utlamnande/<uuid:item_id>"
ENTRY = "arbete/diarium/<uuid:item_id>"
OWN = "begar-ut/min/<str:address>"

urlpatterns = [
    path("diarium", public.diary, name="diary"),
    path("begar-ut", public.ask_here, name="ask_here"),
    path("begar-ut/<uuid:organisation_id>", public.disclosure, name="disclosure"),
    path(OWN, public.own_request, name="own_request"),
    path(f"{OWN}/kvitto", public.own_request_receipt, name="own_request_receipt"),
    path(f"{OWN}/beslut", public.own_request_decision, name="own_request_decision"),
    path(f"{OWN}/handling/<uuid:copy_id>", public.own_copy, name="own_copy"),
    path(f"{OWN}/handling/<uuid:copy_id>/text", public.own_copy_file, name="own_copy_file"),
    path("arbete/utlamnande", desk.disclosure_requests, name="disclosure_requests"),
    path(REQUEST, desk.disclosure_request, name="disclosure_request"),
    path(f"{REQUEST}/handling/<uuid:record_id>", desk.masking, name="masking"),
    path(f"{REQUEST}/kopia/<uuid:copy_id>", desk.disclosed_copy, name="disclosed_copy"),
    path(f"{REQUEST}/svar", desk.disclosure_answer, name="disclosure_answer"),
    path(f"{REQUEST}/beslut", desk.disclosure_decision, name="disclosure_decision"),
    path("arbete/handling/<uuid:item_id>/framling", desk.as_stranger, name="as_stranger"),
    path("arbete/diarium", diary.staff_diary, name="staff_diary"),
    path("arbete/diarium.csv", diary.staff_diary_csv, name="staff_diary_csv"),
    path("arbete/diarium/gallring", diary.disposals, name="disposals"),
    path("arbete/diarium/gallring/logg", diary.disposal_log, name="disposal_log"),
    path("arbete/diarium/gallring/<uuid:item_id>", diary.dispose_record, name="dispose_record"),
    path(ENTRY, diary.diary_entry, name="diary_entry"),
    path(f"{ENTRY}/makulering", diary.diary_void, name="diary_void"),
    path(f"{ENTRY}/stopp", diary.diary_hold, name="diary_hold"),
    path(f"{ENTRY}/stopp/slut", diary.diary_hold_end, name="diary_hold_end"),
]
