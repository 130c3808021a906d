from django.urls import path

from medskick.services.cases import sender_views as sender
from medskick.services.cases import views as cases
from medskick.services.definitions import views as definitions

urlpatterns = [
    path("ansok", definitions.services, name="services"),
    path("ansok/arende/<str:address>", sender.sender_case, name="sender_case"),
    path("ansok/arende/<str:address>/kvitto", sender.sender_case_receipt, name="sender_case_receipt"),
    path("ansok/arende/<str:address>/omdome", sender.sender_case_verdict, name="sender_case_verdict"),
    path("ansok/arende/<str:address>/fil/<uuid:file_id>", sender.sender_case_file, name="sender_case_file"),
    path("ansok/<slug:slug>", definitions.service, name="service"),
    path("ansok/<slug:slug>/ny", sender.apply, name="apply"),
    path("mina/arenden/<uuid:item_id>", sender.my_case, name="my_case"),
    path("mina/arenden/<uuid:item_id>/kvitto", sender.my_case_receipt, name="my_case_receipt"),
    path("mina/arenden/<uuid:item_id>/omdome", sender.my_case_verdict, name="my_case_verdict"),
    path("mina/arenden/<uuid:item_id>/fil/<uuid:file_id>", sender.my_case_file, name="my_case_file"),
    path("arbete/utfora/arenden", cases.cases, name="cases"),
    path("arbete/utfora/arenden/<uuid:item_id>", cases.case, name="case"),
    path("arbete/utfora/arenden/<uuid:item_id>/handlaggning", cases.case_take, name="case_take"),
    path("arbete/utfora/arenden/<uuid:item_id>/svar", cases.case_answer, name="case_answer"),
    path("arbete/utfora/arenden/<uuid:item_id>/enhet", cases.case_reassign, name="case_reassign"),
    path("arbete/utfora/arenden/<uuid:item_id>/anteckning", cases.case_note, name="case_note"),
    path("arbete/utfora/arenden/<uuid:item_id>/avslut", cases.case_close, name="case_close"),
    path("arbete/utfora/arenden/<uuid:item_id>/fil/<uuid:file_id>", cases.case_file, name="case_file"),
]
