"""How results are told: how many answered, shares, ties; and what is kept back while too few have answered."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medskick.design.parts import Column, Table
from medskick.dialog.questions.contract import Asked, Outcome
from medskick.lib.numbers import percent_of
from medskick.lib.small_groups import THRESHOLD

NAMED_TIES = 3


def said_answers(count: int) -> str:
    """How many answers there are, in words."""
    return ngettext("%(count)s svar", "%(count)s svar", count) % {"count": count}


def share(part: int, whole: int) -> float | None:
    """Per cent with one decimal, None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def told(part: int, whole: int) -> str:
    """A count beside its bar: 9 (69 %)."""
    return f"{part} ({percent_of(part, whole)})" if whole else str(part)


def joined(words: Sequence[str]) -> str:
    """Names in a sentence: ”a”, ”b” och ”c”; of many only the first."""
    quoted = [f"”{word}”" for word in words]
    if len(quoted) > NAMED_TIES:
        rest = len(quoted) - NAMED_TIES + 1
        quoted = [*quoted[: NAMED_TIES - 1], _("%(count)s till") % {"count": rest}]
    if len(quoted) < 2:
        return "".join(quoted)
    return _("%(first)s och %(last)s") % {"first": ", ".join(quoted[:-1]), "last": quoted[-1]}


def sensitive_field() -> forms.Field:
    """Whether the result waits until enough have answered."""
    return forms.BooleanField(
        label=gettext_lazy("Frågan är känslig: visa inget resultat förrän minst %(least)s har svarat")
        % {"least": THRESHOLD},
        required=False,
    )


def kept_back(asked: Asked, answers: int) -> Outcome | None:
    """The outcome of a sensitive question that too few have answered: how many they are, and nothing else."""
    if not asked.settings.get("sensitive") or not 0 < answers < THRESHOLD:
        return None
    words = {"least": THRESHOLD, "count": said_answers(answers)}
    finding = _("Resultatet visas när minst %(least)s har svarat. Hittills: %(count)s.") % words
    return Outcome(finding, Table(finding, [Column(_("Antal svar"), numeric=True, decimals=0)], [[answers]]))
