"""Everybody writes notes alone and in silence; then they are shown, and sorted together into clusters on a board."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.design.parts import Column, Table
from medskick.dialog.questions.contract import Asked, Outcome, Sample, Size, Value
from medskick.dialog.sessions.access import may_record
from medskick.dialog.sessions.board_queries import count_notes, told_board
from medskick.dialog.sessions.models import Answer, Participant, Step
from medskick.dialog.sessions.step_queries import is_revealed, own_answers
from medskick.dialog.sessions.steps.contract import StepType
from medskick.dialog.sessions.steps.lists import ListQuestion
from medskick.lib.swedish import sort_key
from medskick.lib.text import count_noun

# How many notes the wall has room for at a size that the back row reads: loose ones, and in each cluster where the
# clusters stand in so many rows of four.
ON_THE_WALL = 15
IN_EACH = {0: 0, 1: 5, 2: 2, 3: 1}
A_ROW = 4


class Notes(ListQuestion):
    """The notes of one phone. Surveys have no use for them, so they are no kind for all."""

    key = "post_its"
    label = gettext_lazy("Lappar")
    explained = gettext_lazy("Var och en skriver egna lappar i tysthet. Sedan visas de och ordnas i grupper.")
    usual, at_most, longest = 5, 20, 280
    most_label = gettext_lazy("Så många lappar får var och en skriva")
    one = gettext_lazy("Skriv en lapp")
    one_more = gettext_lazy("Lapp %(number)s")
    empty = gettext_lazy("Skriv något på lappen.")

    def outcome(self, asked: Asked, values: Sequence[Value], *, size: Size = "page") -> Outcome:
        rows = [[str(value)] for value in sorted(values, key=lambda value: sort_key(str(value)))]
        return Outcome(notes_finding(len(rows), 0), Table(asked.text, [Column(_("Lapp"))], rows))


NOTES = Notes()


class PostIts(StepType):
    """Post-its. The private phase lasts until the facilitator shows the notes for the first time."""

    key = Notes.key
    label = Notes.label
    explained = Notes.explained
    order = 20
    question = NOTES
    adds = True
    private_first = True
    board = True
    phone_template = "dialog/steps/phone/post_its.html"
    fresh_template = "dialog/steps/phone/post_its_fresh.html"
    presenter_template = "dialog/steps/presenter/post_its.html"
    facilitator_template = "dialog/steps/facilitator/post_its.html"
    paper_template = "dialog/steps/paper/post_its.html"

    def outcome(self, step: Step, answers: Sequence[Answer], *, size: Size = "page") -> Outcome:
        """The notes under their clusters. In the order of the words: the order of writing tells who was quick."""
        ordered = sorted(answers, key=lambda one: (_place(one), sort_key(one.text)))
        rows = [[one.cluster.title if one.cluster else _("Utan grupp"), one.text] for one in ordered]
        clusters = len({one.cluster_id for one in answers if one.cluster_id})
        if size == "phone":
            counted = Counter(group for group, _text in rows) if clusters else {}
            told = [[group, number] for group, number in counted.items()]
            table = Table(step.text, [Column(_("Grupp av lappar")), Column(_("Lappar"), numeric=True)], told)
            if not clusters:
                table = Table(step.text, [Column(_("Lapp"))], [[text] for _group, text in rows])
            return Outcome(notes_finding(len(rows), clusters), table)
        columns = [Column(_("Grupp av lappar")), Column(_("Lapp"))]
        return Outcome(notes_finding(len(rows), clusters), Table(step.text, columns, rows))

    def veiled(self, step: Step, number: int) -> Outcome:
        told = Table(step.text, [Column(_("Lappar"), numeric=True)], [[number]])
        words = {"notes": count_noun(number, _("lapp skriven"), _("lappar skrivna"))}
        return Outcome(_("%(notes)s, än så länge bara för den som skrev") % words, told)

    def phone_context(self, request: HttpRequest, step: Step, participant: Participant | None) -> Mapping[str, Any]:
        notes = own_answers(step, participant)
        return {
            "add_form": NOTES.one_form(help_text=step.help_text),
            "given": notes,
            "most": NOTES.most_of(step),
            "is_full": len(notes) >= NOTES.most_of(step),
            "revealed": is_revealed(step),
        }

    def presenter_context(self, step: Step) -> Mapping[str, Any]:
        if not is_revealed(step):
            return {"notes": count_notes(step)}
        board = told_board(step)
        filled = [one for one in board.clusters if one.notes]
        # What is left is told by its number, so that what is shown can be read from the back row.
        each = IN_EACH.get(ceil((len(filled) + bool(board.loose)) / A_ROW), 0)
        room = each if filled else ON_THE_WALL
        return {
            "notes": board.notes,
            "board": board,
            "hides_progress": True,
            "has_clusters": bool(filled),
            "each": f":{each}",
            "each_number": each,
            "each_less": -each,
            "room": room,
            "loose_slice": f":{room}",
            "loose_more": max(len(board.loose) - room, 0),
        }

    def facilitator_context(self, request: HttpRequest, step: Step) -> Mapping[str, Any]:
        revealed = is_revealed(step)
        return {
            "revealed": revealed,
            "notes": count_notes(step),
            "records": may_record(request.actor, step.session),
            "most": NOTES.most_of(step),
        }

    def columns(self, step: Step) -> list[str]:
        return [step.text, _("Grupp av lappar")]

    def cells(self, step: Step, answer: Answer) -> list[Any]:
        return [answer.text, answer.cluster.title if answer.cluster else ""]


def notes_finding(notes: int, clusters: int) -> str:
    if not notes:
        return _("Inga lappar än")
    if not clusters:
        return _("%(notes)s, inte ordnade i grupper än") % {"notes": count_noun(notes, _("lapp"), _("lappar"))}
    words = {
        "notes": count_noun(notes, _("lapp"), _("lappar")),
        "clusters": count_noun(clusters, _("grupp"), _("grupper")),
    }
    return _("%(notes)s i %(clusters)s") % words


def _place(answer: Answer) -> tuple[bool, int]:
    return (answer.cluster is None, answer.cluster.position if answer.cluster else 0)


STEP = PostIts()
SAMPLE = Sample(
    settings={"most": "5"},
    answers=(
        {"text_1": "Gemensam kompetensplan"},
        {"text_1": "Utbildning för alla"},
        {"text_1": "Bredband i hela länet"},
    ),
    bad={"text_1": ""},
)
