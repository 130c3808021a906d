from django.urls import path

from medskick.dialog.sessions.views import answers, own, phone, presenter, public, staff

urlpatterns = [
    path("tyck-till", public.speak, name="speak"),
    path("tyck-till/moten/<uuid:session_id>", public.public_session, name="public_session"),
    path("delta", phone.enter_code, name="join"),
    path("delta/<str:code>", phone.take_part, name="take_part"),
    path("delta/<str:code>/ga-med", phone.join_session, name="join_session"),
    path("delta/<str:code>/svar/<uuid:question_id>", phone.answering, name="answering"),
    path("spar/min/<str:code>", own.own_trace, name="own_trace"),
    path("spar/min/<str:code>/hemtagning", own.claiming, name="claiming"),
    path("arbete/lyssna", staff.listen, name="listen"),
    path("arbete/lyssna/moten", staff.sessions, name="sessions"),
    path("arbete/lyssna/moten/nytt", staff.new_session, name="new_session"),
    path("arbete/lyssna/moten/<uuid:session_id>", staff.session, name="session"),
    path("arbete/lyssna/moten/<uuid:session_id>/oppning", staff.opening, name="session_opening"),
    path("arbete/lyssna/moten/<uuid:session_id>/avslut", staff.ending, name="session_ending"),
    path("arbete/lyssna/moten/<uuid:session_id>/installt", staff.cancelling, name="session_cancelling"),
    path("arbete/lyssna/moten/<uuid:session_id>/fragor/ny", staff.new_question, name="new_question"),
    path("arbete/lyssna/moten/<uuid:session_id>/projektor", presenter.projector, name="projector"),
    path("arbete/lyssna/moten/<uuid:session_id>/svar", answers.session_answers, name="session_answers"),
    path("arbete/lyssna/moten/<uuid:session_id>/svar.csv", answers.answers_file, name="answers_file"),
    path("arbete/lyssna/fragor/<uuid:question_id>/oppning", staff.question_opening, name="question_opening"),
    path("arbete/lyssna/fragor/<uuid:question_id>/stangning", staff.question_closing, name="question_closing"),
    path("arbete/lyssna/fragor/<uuid:question_id>/ordmoln.svg", answers.cloud_file, name="cloud_file"),
    path("arbete/lyssna/fragor/<uuid:question_id>/ord.csv", answers.counts_file, name="counts_file"),
    path("arbete/lyssna/svar/<uuid:answer_id>", answers.answer, name="answer"),
    path("arbete/lyssna/svar/<uuid:answer_id>/doljande", answers.hiding, name="answer_hiding"),
    path("arbete/lyssna/svar/<uuid:answer_id>/visning", answers.showing, name="answer_showing"),
    path("arbete/lyssna/svar/av/<uuid:item_id>", answers.answer_of_item, name="answer_of_item"),
]
