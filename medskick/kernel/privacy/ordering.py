"""In which order a person reads what is kept of her, on the page and in the copy: what matters to her most comes first."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from medskick.kernel.privacy.queries import Thing
from medskick.kernel.records.kinds import kinds
from medskick.kernel.typing import Text


@dataclass(frozen=True, slots=True)
class Part:
    """One part of Mina uppgifter. key: its anchor; holds: what it holds, in a few words."""

    key: str
    label: Text
    holds: Text


WHO = Part("jag", _("Vem jag är"), _("Namn, personnummer, fullmakter och det du har sagt ja till"))
SENT = Part("skickat", _("Det jag har skickat"), _("Ärenden, svar, filer och svaren du har fått"))
KEPT = Part(
    "sparat", _("Annat som är sparat om mig"), _("Inloggningar, hjälp du har fått och möten du har varit med i")
)
READ = Part("last", _("Vem som har läst om mig"), _("Vem, när och vad"))
FOLLOWED = Part("foljer", _("Det jag följer"), _("Det du får meddelanden om"))
# What others have done with it stands before what she only follows.
PARTS = (WHO, SENT, KEPT, READ, FOLLOWED)

_OF_PROCESSING = {
    "people": WHO,
    "mandates": WHO,
    "consents": WHO,
    "notifications": FOLLOWED,
    "files": SENT,
    # Said by her as much as a voice is, though no answer debt is counted for them.
    "kernel.dispute": SENT,
    "kernel.accessibility_report": SENT,
}
# Traces of logging in say nothing of who she is, and they are many.
_TRACES_OF_LOG_IN = frozenset({"kernel.signin", "kernel.keptform"})


def by_part(things: Iterable[Thing]) -> dict[Part, list[Thing]]:
    """Every part but READ with its things, in the order of PARTS; a part with nothing in it is there, and empty."""
    voices = {one.key for one in kinds() if one.voice}
    found: dict[Part, list[Thing]] = {part: [] for part in PARTS if part is not READ}
    for thing in things:
        found[_part_of(thing, voices)].append(thing)
    return found


def _part_of(thing: Thing, voices: set[str]) -> Part:
    if thing.model in _TRACES_OF_LOG_IN:
        return KEPT
    return SENT if thing.processing in voices else _OF_PROCESSING.get(thing.processing, KEPT)
