"""How lists say whose a thing is."""

from uuid import UUID

from django.utils.translation import gettext as _

from medskick.kernel.organisations.places import place_of


def shared_by(owner: UUID, reader: UUID | None) -> list[str]:
    """For the line under a title: nothing for what is the reader's own, else which organisation's it is."""
    place = place_of(owner) if owner != reader else None
    return [_("gemensamt i %(region)s") % {"region": place.short_name}] if place else []
