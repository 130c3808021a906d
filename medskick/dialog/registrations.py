"""What this engine tells the kernel: its kinds, menu entries and panels."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medskick.dialog.sessions import panels
from medskick.dialog.sessions.actions.answering import ANSWER_KIND
from medskick.dialog.sessions.actions.planning import KIND as SESSION_KIND
from medskick.dialog.sessions.models import Participant
from medskick.kernel.menu import MenuEntry, Panel, register_menu, register_panel
from medskick.kernel.people.private_address import register_address_page
from medskick.kernel.records.kinds import Kind, register_kind, trace_url
from medskick.kernel.records.models import Item


def _session_url(item: Item, staff: bool) -> str:
    return reverse("session" if staff else "public_session", args=[item.id])


def _answer_url(item: Item, staff: bool) -> str:
    return reverse("answer_of_item", args=[item.id]) if staff else trace_url(item)


def _own_page(token: UUID, address: str) -> str:
    return reverse("own_trace", args=[address]) if Participant.objects.filter(address=token).exists() else ""


def register() -> None:
    register_address_page(_own_page)
    register_kind(
        Kind(
            key=SESSION_KIND,
            label=_("möte"),
            trace_step=_("Möte"),
            url=_session_url,
            phrases={
                "session.planned": _("planerade mötet"),
                "session.open": _("öppnade mötet"),
                "session.changed": _("ändrade mötet"),
                "session.opened_to_all": _("gjorde mötet öppet för alla"),
                "session.closed_to_all": _("gjorde mötet slutet"),
                "session.paused": _("pausade mötet"),
                "session.resumed": _("fortsatte mötet"),
                "session.summarised": _("gick igenom mötet och sammanfattade det"),
                "session.confirmed": _("bekräftade sammanfattningen"),
                "session.handed_over": _("lämnade över mötet"),
                "session.recorder_chosen": _("utsåg antecknare"),
                "session.invited": _("bjöd in"),
                "session.uninvited": _("tog bort någon från listan"),
                "session.attendance_noted": _("prickade av närvaro"),
                "session.reading_added": _("lade till något att läsa före mötet"),
                "session.reading_removed": _("tog bort något att läsa före mötet"),
                "submission.taken_in": _("tog emot behov som kom efteråt"),
                "submission.accepted": _("tog med ett behov som kom efteråt"),
                "submission.rejected": _("avvisade ett behov som kom efteråt"),
                "answer.typed_in": _("skrev in svar från papper"),
                "session.opened": _("släppte in telefonerna"),
                "session.closed": _("stängde för telefoner"),
                "session.held": _("avslutade mötet"),
                "session.cancelled": _("ställde in mötet"),
                "session.joined": _("kom med i mötet"),
                "step.added": _("lade till en fråga"),
                "step.changed": _("ändrade ett steg"),
                "step.moved": _("flyttade ett steg"),
                "step.removed": _("tog bort ett steg"),
                "step.extended": _("gav ett steg mer tid"),
                "result.shown": _("visade ett resultat"),
                "result.hidden": _("dolde ett resultat"),
                "groups.divided": _("delade in i grupper"),
                "groups.filled": _("placerade dem som kom sent i grupper"),
                "group.joined": _("kom med i en grupp"),
                "summary.written": _("skrev en sammanfattning"),
                "answer.withdrawn": _("tog tillbaka ett svar"),
                "step.opened": _("öppnade en fråga"),
                "step.closed": _("stängde en fråga"),
                "answer.given": _("svarade"),
                "answer.changed": _("ändrade sitt svar"),
                "cluster.made": _("gjorde en grupp av lappar"),
                "cluster.renamed": _("döpte om en grupp av lappar"),
                "cluster.merged": _("slog ihop två grupper av lappar"),
                "cluster.moved": _("flyttade en grupp av lappar"),
                "cluster.dissolved": _("löste upp en grupp av lappar"),
                "note.moved": _("flyttade lappar"),
                "question.voted": _("röstade på en fråga"),
                "question.vote_withdrawn": _("tog tillbaka en röst på en fråga"),
                "question.answered": _("markerade en fråga som besvarad"),
                "question.waiting": _("satte en fråga på väntan igen"),
                "answer.hidden": _("dolde ett svar"),
                "answer.shown": _("visade ett svar igen"),
                "draft.written": _("skrev en beskrivning för en grupp"),
                "draft.completed": _("kompletterade en beskrivning"),
                "entry.placed": _("placerade ett förslag"),
                "entry.added": _("lade till ett förslag"),
                "voices.claimed": _("hämtade hem sina svar"),
            },
            purpose=_("Samla svar från dem som deltar i ett möte"),
            legal_basis=_("Uppgift av allmänt intresse"),
        )
    )
    register_kind(
        Kind(
            key=ANSWER_KIND,
            label=_("svar i möte"),
            trace_step=_("Sagt"),
            url=_answer_url,
            phrases={
                "answer.lifted": _("tog upp ett svar"),
                "answer.retold": _("ändrade sitt svar"),
                "answer.claimed": _("hämtade hem sitt svar"),
            },
            purpose=_("Följa vad ett svar ledde till"),
            legal_basis=_("Uppgift av allmänt intresse"),
            voice=True,
        )
    )
    register_menu(MenuEntry(_("Lyssna"), "listen", "/arbete/lyssna", order=20, staff=True))
    register_menu(MenuEntry(_("Tyck till"), "speak", "/tyck-till", order=20, staff=False))
    register_panel(Panel("start", "dialog.open_questions", "dialog/panels/start.html", panels.open_questions, order=10))
    register_panel(Panel("mine", "dialog.my_voices", "dialog/panels/mine.html", panels.my_voices, order=20))
    register_panel(Panel("my_day", "dialog.my_meetings", "dialog/panels/my_day.html", panels.my_meetings, order=40))
