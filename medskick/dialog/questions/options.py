"""The options of a question: what the one who asks writes, one on each line, and the ids that answers point at."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.dialog.questions.contract import Asked
from medskick.lib.text import clean_text

LONGEST = 120
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Option:
    """One option. id: what an answer stores."""

    id: str
    text: str


def option_id(text: str) -> str:
    """The id of an option with these words: the same words have the same id in every copy of a question, wherever they
    stand in the list; other words are another option."""
    return "o" + hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()[:10]


def options_of(asked: Asked) -> list[Option]:
    """The options of a question, in the order in which they are asked."""
    return [Option(one["id"], one["text"]) for one in asked.settings.get("options", ())]


def stored_options(texts: Sequence[str]) -> list[dict[str, str]]:
    """Options as they stand in a question's settings."""
    return [{"id": option_id(text), "text": text} for text in texts]


def options_field(most: int) -> forms.Field:
    """The box in which the one who asks writes them."""
    return forms.CharField(
        label=gettext_lazy("Alternativ"),
        max_length=4000,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("Ett på varje rad, högst %(most)s. Högst 120 tecken i varje.") % {"most": most},
    )


def read_options(cleaned: Mapping[str, Any], *, most: int) -> list[dict[str, str]]:
    """The options of a form, as they are stored. Raise forms.ValidationError, by field, where they cannot be used."""
    lines = [" ".join(line.split()) for line in cleaned.get("options", "").splitlines()]
    texts = [line for line in lines if line]
    fault = _fault(texts, most)
    if fault:
        raise forms.ValidationError({"options": fault})
    return stored_options(texts)


def _fault(texts: Sequence[str], most: int) -> str:
    if len(texts) < FEWEST:
        return _("Skriv minst två alternativ, ett på varje rad.")
    if len(texts) > most:
        return _("Det är %(count)s alternativ. Korta listan till högst %(most)s.") % {"count": len(texts), "most": most}
    for text in texts:
        if len(text) > LONGEST:
            words = {"start": text[:30], "length": len(text), "most": LONGEST}
            return _("Alternativet ”%(start)s…” är %(length)s tecken. Korta det till högst %(most)s.") % words
    seen: set[str] = set()
    for text in texts:
        if option_id(text) in seen:
            return _("Alternativet ”%(text)s” står två gånger. Ta bort det ena.") % {"text": text}
        seen.add(option_id(text))
    return ""


def options_initial(settings: Mapping[str, Any]) -> str:
    """What the box holds when a question is changed."""
    return "\n".join(one["text"] for one in settings.get("options", ()))


def require_options(asked: Asked, chosen: Sequence[object]) -> None:
    """Raise ValueError where one of these ids is not an option of the question, or stands twice."""
    known = {one.id for one in options_of(asked)}
    if not all(isinstance(one, str) and one in known for one in chosen):
        raise ValueError(
            _("Ett av svaren finns inte att välja längre. Ladda om sidan och välj bland dem som står där.")
        )
    if len(set(chosen)) != len(chosen):
        raise ValueError(_("Samma alternativ är valt två gånger. Välj det en gång."))


def own_words(text: str, longest: int) -> str:
    """What somebody wrote on one line. Raise ValueError in plain Swedish where it cannot be stored."""
    return " ".join(clean_text(text, max_length=longest).split())
