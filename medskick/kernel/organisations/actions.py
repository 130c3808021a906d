"""The verbs of organisations: founding a region, letting a municipality in, opening units, holding networks."""

from collections.abc import Iterable

from medskick.kernel.organisations import places
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.organisations.models import Network, NetworkMember, Organisation, Unit
from medskick.kernel.organisations.scope import current_scope
from medskick.lib.swedish import sort_key

ADMINISTRATOR = "administrator"


def found_region(*, name: str, short_name: str, slug: str, theme: str, monogram: str, phone: str = "") -> Organisation:
    """Found the region (kommunalförbund): the first organisation of an installation, so nobody acts yet."""
    return _found(Organisation.REGION, name, short_name, slug, theme, monogram, phone)


def join_region(
    *,
    by: Actor,
    region: Organisation,
    name: str,
    short_name: str,
    slug: str,
    code: str,
    theme: str,
    monogram: str,
    phone: str = "",
    population: int | None = None,
) -> Organisation:
    """Let a municipality into the region, as an authority of its own with its own diary."""
    require_staff(by, ADMINISTRATOR)
    require_same_organisation(by, region.id)
    return _found(
        Organisation.MUNICIPALITY,
        name,
        short_name,
        slug,
        theme,
        monogram,
        phone,
        region=region,
        code=code,
        population=population,
    )


def open_unit(*, by: Actor, name: str, answer_days: int = 30) -> Unit:
    """Open a unit of the acting organisation; it owes an answer to a voice within `answer_days` days."""
    require_staff(by, ADMINISTRATOR)
    return Unit.objects.create(organisation_id=current_scope().acting, name=name, answer_days=answer_days)


def hold_network(
    *,
    by: Actor,
    name: str,
    sector: str = "",
    aliases: Iterable[str] = (),
    members: Iterable[Organisation] = (),
    proposed: bool = False,
) -> Network:
    """Hold a network in the acting organisation. A proposed one waits for a person to say that it is a network."""
    require_staff(by)
    network = Network.objects.create(
        holder_id=current_scope().acting, name=name, sector=sector, aliases=list(aliases), proposed=proposed
    )
    NetworkMember.objects.bulk_create(NetworkMember(network=network, organisation=one) for one in members)
    return network


def _found(
    kind: str, name: str, short_name: str, slug: str, theme: str, monogram: str, phone: str, **more: object
) -> Organisation:
    organisation = Organisation.objects.create(
        kind=kind,
        name=name,
        short_name=short_name,
        name_key=sort_key(short_name),
        slug=slug,
        theme=theme,
        monogram=monogram,
        phone=phone,
        **more,
    )
    places.forget()
    return organisation
