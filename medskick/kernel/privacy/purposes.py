"""Purposes that need a person's consent. Nearly all that a municipality does stands on its public task, and asks none."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from medskick.kernel.typing import Text


@dataclass(frozen=True, slots=True)
class Purpose:
    """Something that is done only for those who said yes.

    wording: what she says yes to, as it stands beside the button and is kept. effect: what withdrawing it does.
    """

    key: str
    label: Text
    wording: Text
    effect: Text


_purposes: dict[str, Purpose] = {}


def register_purpose(purpose: Purpose) -> None:
    """Make a purpose known. Raise ValueError where the key is taken by another."""
    if _purposes.setdefault(purpose.key, purpose) is not purpose:
        raise ValueError(f"Purpose {purpose.key} is registered already")


def purposes() -> list[Purpose]:
    return list(_purposes.values())


def purpose_of(key: str) -> Purpose:
    """Raise LookupError where no such purpose is registered."""
    try:
        return _purposes[key]
    except KeyError:
        raise LookupError(f"No purpose {key!r} is registered") from None


CONTACT_AGAIN = "contact_again"


def register_own_purposes() -> None:
    register_purpose(
        Purpose(
            CONTACT_AGAIN,
            _("Kontakta mig igen"),
            _("Ni får kontakta mig med följdfrågor om det som jag har sagt eller skickat in."),
            _("Från samma stund kan ingen längre skicka följdfrågor till dig."),
        )
    )
