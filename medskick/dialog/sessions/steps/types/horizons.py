"""Proposals under four horizons: what needs to be started within 1, 3, 5 and 10 years. First each alone, then together."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.design.forms import PlainForm
from medskick.design.parts import Column, Table
from medskick.dialog.questions.contract import Outcome, QuestionKind, Sample, Size, Value
from medskick.dialog.sessions.models import Answer, LiveSession, Step
from medskick.dialog.sessions.steps.contract import StepType
from medskick.dialog.sessions.steps.horizon_board import (
    HORIZONS,
    MOST_ENTRIES,
    Board,
    Card,
    board_of,
    entries_of,
)
from medskick.dialog.sessions.steps.sources import SETTING, offer_steps, source_field, with_clusters
from medskick.lib.text import clean_text, count_noun, join_and

LONGEST_LINE = 200
NO_BREAK = "\N{NO-BREAK SPACE}"


def within(years: int) -> str:
    return _("Inom %(years)s år") % {"years": years}


class VoteForm(PlainForm):
    """Each proposal under a horizon; what nobody knows is left."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.fields.keys() == {"submission_key"}:
            raise forms.ValidationError(
                _("Det finns inga förslag att placera än. Vänta tills mötesledaren har lagt in dem.")
            )
        if not self.errors and not any(cleaned.get(name) for name in self.fields if name != "submission_key"):
            raise forms.ValidationError(_("Välj när minst ett av förslagen behöver påbörjas."))
        return cleaned


class Votes(QuestionKind):
    """Its proposals are the step's, so this question is asked in sessions only."""

    key = "horizons"

    def answer_form(self, asked: Any, data: Any = None, *, given: Sequence[Value] = ()) -> PlainForm:
        before = given[0]["placed"] if given else {}
        form = VoteForm(data)
        choices = [*((str(years), _("%(years)s år") % {"years": years}) for years in HORIZONS), ("", _("Vet inte"))]
        form.add_fields(
            {
                entry.key: forms.ChoiceField(
                    label=entry.title,
                    choices=choices,
                    required=False,
                    widget=forms.RadioSelect,
                    initial=str(before.get(entry.key, "")),
                )
                for entry in entries_of(asked)
            }
        )
        for field in form.fields.values():
            field.error_messages["invalid_choice"] = _("Välj 1, 3, 5 eller 10 år, eller ”Vet inte”.")
        return form

    def values(self, asked: Any, form: PlainForm) -> list[Value]:
        chosen = {name: form.cleaned_data.get(name) for name in form.fields if name != "submission_key"}
        return [{"placed": {name: int(years) for name, years in chosen.items() if years}}]

    def clean(self, asked: Any, value: Value) -> Value:
        placed = value.get("placed") if isinstance(value, dict) else None
        known = {one.key for one in entries_of(asked)}
        if not isinstance(placed, dict) or not placed:
            raise ValueError(_("Välj när minst ett av förslagen behöver påbörjas."))
        if any(years not in HORIZONS for years in placed.values()):
            raise ValueError(_("Välj 1, 3, 5 eller 10 år, eller ”Vet inte”."))
        if not set(placed) <= known:
            raise ValueError(_("Ett av förslagen finns inte längre. Ladda om sidan och placera igen."))
        return {"placed": placed}

    def words(self, asked: Any, value: Value) -> str:
        titles = {one.key: one.title for one in entries_of(asked)}
        said = [f"{titles[key]}: {within(years).lower()}" for key, years in value["placed"].items() if key in titles]
        return "; ".join(said)[:2000] or _("Förslagen som placerades finns inte längre")

    def outcome(self, asked: Any, values: Sequence[Value], *, size: Size = "page") -> Outcome:
        return outcome_of(asked, board_of(asked, [Answer(value=one) for one in values]), len(values))

    def columns(self, asked: Any) -> list[str]:
        return [one.title for one in entries_of(asked)] or [asked.text]

    def cells(self, asked: Any, value: Value) -> list[Any]:
        placed = value.get("placed", {})
        return [placed.get(one.key, "") for one in entries_of(asked)] or [""]


def finding_of(board: Board, voted: int) -> str:
    """What the board says in a sentence: what was agreed with its empty horizons, else how the votes stand."""
    if board.agreed:
        filled = [
            f"{within(one.years).lower() if place else within(one.years)}: {len(one.cards)}"
            for place, one in enumerate(column for column in board.columns if column.cards)
        ]
        said = [f"{', '.join(filled)}."] if filled else []
        return " ".join([*said, *([empty_words(board.empty)] if board.empty else [])])
    if not voted:
        return _("Inga svar än")
    first = max(board.cards, key=lambda one: one.votes[1], default=None)
    if first is None or not first.votes[1]:
        return _("%(answers)s. Ingen vill börja inom 1 år.") % {"answers": count_noun(voted, "svar", "svar")}
    words = {"title": first.entry.title, "count": first.votes[1], "all": voted}
    return _("Flest vill börja inom 1 år med ”%(title)s”: %(count)s av %(all)s") % words


def empty_words(years: Sequence[int]) -> str:
    return _("Inget att påbörja inom %(years)s.") % {
        "years": join_and([_("%(years)s år") % {"years": one} for one in years], word=_("och"))
    }


def vote_words(card: Card) -> str:
    """1 år: 9, 3 år: 4. Empty where nobody has voted. A number never stands on another line than what it counts."""
    votes = [_("%(years)s år: %(count)s") % {"years": years, "count": count} for years, count in card.vote_list]
    return ", ".join(one.replace(" ", NO_BREAK) for one in votes)


def outcome_for_phone(step: Step, board: Board, voted: int) -> Outcome:
    """The same in the room of a phone: each proposal, and where it lies or how the votes are spread."""
    rows = [[card.entry.title, within(column.years)] for column in board.columns for card in column.cards]
    rows += [[card.entry.title, _("Lagt åt sidan")] for card in board.aside]
    for card in board.waiting:
        rows.append([card.entry.title, vote_words(card) or _("Inga röster")])
    return Outcome(finding_of(board, voted), Table(step.text, [Column(_("Förslag")), Column(_("Läget"))], rows))


def outcome_of(step: Step, board: Board, voted: int) -> Outcome:
    """Votes in one column: four of numbers leave no room for why. The board's own file has them as numbers."""
    columns = [Column(_("Förslag")), Column(_("Tillsammans")), Column(_("Röster"))]
    rows = []
    for column in board.columns:
        rows += [_row(card, within(column.years)) for card in column.cards]
        if not column.cards and board.agreed:
            rows.append([_("Inget"), within(column.years), "", ""])
    rows += [_row(card, _("Lagt åt sidan")) for card in board.aside]
    rows += [_row(card, _("Inte placerat än")) for card in board.waiting]
    if any(row[-1] for row in rows):
        columns.append(Column(_("Motivering")))
    else:
        rows = [row[:-1] for row in rows]
    return Outcome(finding_of(board, voted), Table(step.text, columns, rows))


def _row(card: Card, where: str) -> list[object]:
    return [
        card.entry.title,
        where,
        vote_words(card),
        card.placing.motivation if card.placing else "",
    ]


class Horizons(StepType):
    """Digital destination: the votes of each, beside what the group then agrees."""

    key = "horizons"
    label = gettext_lazy("Prioritera på 1, 3, 5 och 10 år")
    explained = gettext_lazy("Vad behöver påbörjas inom 1, 3, 5 och 10 år? Först var för sig, sedan tillsammans.")
    order = 70
    question = Votes()
    told_again = True
    phone_template = "dialog/steps/phone/horizons.html"
    presenter_template = "dialog/steps/presenter/horizons.html"
    facilitator_template = "dialog/steps/facilitator/horizons.html"
    paper_template = "dialog/steps/paper/horizons.html"

    def settings_fields(self) -> Mapping[str, forms.Field]:
        return {
            "lines": forms.CharField(
                label=gettext_lazy("Förslag att placera"),
                max_length=5000,
                required=False,
                widget=forms.Textarea({"rows": 5}),
                help_text=gettext_lazy("Ett på varje rad. Tomt: grupperna av lappar från ett tidigare steg."),
            ),
            SETTING: source_field(gettext_lazy("Vilket stegs grupper av lappar?")),
        }

    def offer_choices(self, fields: Mapping[str, forms.Field], session: LiveSession, step: Step | None) -> None:
        offer_steps(fields, session, step, with_clusters)

    def read_settings(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        lines = list(
            dict.fromkeys(" ".join(one.split()) for one in cleaned.get("lines", "").splitlines() if one.strip())
        )
        if len(lines) > MOST_ENTRIES:
            words = _("Det är %(count)s förslag. Fler än %(most)s går inte att överblicka: slå ihop några.")
            raise forms.ValidationError({"lines": words % {"count": len(lines), "most": MOST_ENTRIES}})
        too_long = next((one for one in lines if len(one) > LONGEST_LINE), "")
        if too_long:
            words = _("Raden ”%(start)s…” är %(count)s tecken. Korta den till högst %(most)s.")
            said = {"start": too_long[:40], "count": len(too_long), "most": LONGEST_LINE}
            raise forms.ValidationError({"lines": words % said})
        found = {"lines": [clean_text(one) for one in lines]} if lines else {}
        return found | ({SETTING: cleaned[SETTING]} if cleaned.get(SETTING) else {})

    def settings_initial(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {"lines": "\n".join(settings.get("lines", ())), SETTING: settings.get(SETTING, "")}

    def outcome(self, step: Step, answers: Sequence[Answer], *, size: Size = "page") -> Outcome:
        board = board_of(step, answers)
        return (
            outcome_for_phone(step, board, len(answers)) if size == "phone" else outcome_of(step, board, len(answers))
        )

    def phone_context(self, request: HttpRequest, step: Step, participant: Any) -> Mapping[str, Any]:
        entries = entries_of(step)
        return {"entries": entries} if entries else {"entries": entries, "form": None}

    def presenter_context(self, step: Step) -> Mapping[str, Any]:
        return {"board": board_of(step, _shown(step))}

    def facilitator_context(self, request: HttpRequest, step: Step) -> Mapping[str, Any]:
        return {"board": board_of(step, _shown(step))}

    def paper_context(self, step: Step) -> Mapping[str, Any]:
        return {"entries": entries_of(step), "horizons": HORIZONS}


def _shown(step: Step) -> list[Answer]:
    return list(Answer.objects.filter(step=step).shown())


STEP = Horizons()
SAMPLE = Sample(
    settings={"lines": "Gemensam upphandling\nSamma kunskap i alla kommuner"},
    answers=({"rad-1": "3", "rad-2": "1"}, {"rad-1": "", "rad-2": "1"}),
    bad={"rad-1": "7"},
)
