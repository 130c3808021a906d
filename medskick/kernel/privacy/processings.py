"""The processings of the register (GDPR art. 30): every kind that holds personal data, and what the kernel itself does.

What each table holds is declared on its model (kernel/personal_data.py); what an organisation adds is a ProcessingNote.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from medskick.kernel.personal_data import declared
from medskick.kernel.records.kinds import kinds
from medskick.kernel.typing import Text


@dataclass(frozen=True, slots=True)
class Processing:
    """One processing. key: a Kind's key, or a name of the kernel's own; holds: what is kept, in plain words."""

    key: str
    label: Text
    purpose: Text
    legal_basis: Text
    holds: tuple[Text, ...] = ()


_own: dict[str, Processing] = {}


def register_processing(processing: Processing) -> None:
    """Make a processing known that is no kind of item. Raise ValueError where the key is taken."""
    if _own.setdefault(processing.key, processing) is not processing:
        raise ValueError(f"Processing {processing.key} is registered already")


def processings() -> list[Processing]:
    """All, the kernel's own first, then the kinds in order of their key."""
    return sorted(_all(), key=lambda one: ("." in one.key, one.key))


def processing_of(key: str) -> Processing:
    """Raise LookupError where nothing that holds personal data has this key."""
    found = next((one for one in _all() if one.key == key), None)
    if found is None:
        raise LookupError(f"No processing {key!r} is registered")
    return found


def faults() -> list[str]:
    """What the register lacks: a declaration that names nothing, or a processing without purpose or legal basis."""
    known = {one.key: one for one in _all()}
    found = [
        f"{model._meta.label} is kept for {said.kind!r}, which is no processing"
        for model, said in declared()
        if said.kind not in known
    ]
    for one in known.values():
        found += [f"{one.key} states no {name}" for name in ("purpose", "legal_basis") if not str(getattr(one, name))]
    for model, said in declared():
        if not said.found_by and not str(said.not_shown):
            found.append(f"{model._meta.label} neither says how a person is found in it nor why she is not given it")
    return found


def _all() -> Iterator[Processing]:
    held: dict[str, list[Text]] = {}
    for _model, said in declared():
        held.setdefault(said.kind, []).append(said.what)
    for own in _own.values():
        yield Processing(own.key, own.label, own.purpose, own.legal_basis, (*own.holds, *held.get(own.key, ())))
    for kind in kinds():
        if kind.key in held or kind.purpose:
            yield Processing(kind.key, kind.label, kind.purpose, kind.legal_basis, tuple(held.get(kind.key, ())))


PUBLIC_TASK = _("Uppgift av allmänt intresse")


def register_own_processings() -> None:
    """What the kernel itself keeps of people."""
    for one in (
        Processing("people", _("inloggning"), _("Att veta vem som loggar in och visa det som är ditt."), PUBLIC_TASK),
        Processing(
            "log",
            _("logg"),
            _("Att kunna visa vem som har läst eller ändrat något."),
            PUBLIC_TASK,
            (_("vem som gjorde vad och när, utan innehåll"),),
        ),
        Processing("files", _("filer"), _("Att ta emot det som du bifogar."), PUBLIC_TASK),
        Processing("notifications", _("bevakning"), _("Att berätta när något du följer går vidare."), PUBLIC_TASK),
        Processing(
            "assistance",
            _("hjälp på plats"),
            _("Att kunna hjälpa den som inte kan eller vill göra det själv, och visa vem som gjorde vad."),
            PUBLIC_TASK,
        ),
        Processing(
            "mandates",
            _("fullmakter och uppdrag"),
            _("Att veta vem som får göra något för någon annan, och på vilken grund."),
            PUBLIC_TASK,
        ),
        Processing("consents", _("samtycken"), _("Att veta vad du har sagt ja till och inte."), _("Ditt samtycke")),
    ):
        register_processing(one)
