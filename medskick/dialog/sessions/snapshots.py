"""A board of horizons as a dated file. An empty horizon is a row: nothing there is a result."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from medskick.dialog.sessions.models import Step
from medskick.dialog.sessions.steps.horizon_board import HORIZONS, Board, Card
from medskick.dialog.sessions.steps.types.horizons import empty_words
from medskick.lib.csv_rows import write_rows


def horizons_csv(step: Step, board: Board, day: date) -> bytes:
    votes = [_("Röster: %(years)s år") % {"years": years} for years in HORIZONS]
    header = [_("Läget"), _("Påbörjas inom, år"), _("Ordning"), _("Förslag"), *votes, _("Motivering")]
    rows: list[list[Any]] = []
    for column in board.columns:
        rows += [_row(day, column.years, order, card) for order, card in enumerate(column.cards, start=1)]
        if not column.cards:
            rows.append([day.isoformat(), column.years, "", empty_words([column.years]), *[""] * len(HORIZONS), ""])
    rows += [_row(day, _("åt sidan"), "", card) for card in board.aside]
    rows += [_row(day, _("inte placerat"), "", card) for card in board.waiting]
    return write_rows(header, rows)


def horizons_json(step: Step, board: Board, day: date) -> dict[str, Any]:
    return {
        "as_of": day.isoformat(),
        "session": step.session.title,
        "held_on": step.session.held_on.isoformat(),
        "step": step.text,
        "meaning": _("Antal år inom vilka det behöver påbörjas"),
        "invented": step.session.item.invented,
        "horizons": [
            {"years": one.years, "empty": not one.cards, "entries": [_entry(card) for card in one.cards]}
            for one in board.columns
        ],
        "aside": [_entry(card) for card in board.aside],
        "not_placed": [_entry(card) for card in board.waiting],
    }


def _row(day: date, where: object, order: object, card: Card) -> list[Any]:
    motivation = card.placing.motivation if card.placing else ""
    return [day.isoformat(), where, order, card.entry.title, *card.counts, motivation]


def _entry(card: Card) -> dict[str, Any]:
    return {
        "title": card.entry.title,
        "notes": card.entry.notes,
        "votes": {str(years): count for years, count in zip(HORIZONS, card.counts, strict=True)},
        "motivation": card.placing.motivation if card.placing else "",
    }
