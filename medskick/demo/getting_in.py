"""Getting in, in the example: who waits to be let in at Tanum, who was told no, and Tanum's own log-in."""

from medskick.demo.region import Region
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people import roles
from medskick.kernel.people.actions import add_employee, ask_for_access, recognise, turn_away
from medskick.kernel.people.actions.providers import add_provider
from medskick.kernel.people.identity import Identity
from medskick.kernel.people.models import Provider

WAITING = (("Frida Alm", "frida.alm"), ("Gustav Lind", "gustav.lind"))
TURNED_AWAY = ("Kim Björk", "kim.bjork")
INVITED = (("Hanna Roos", "hanna.roos", "Kultursekreterare", "Kultur och fritid", roles.PROCESS_LEADER),)
DOMAIN = "tanum.example"


def build_getting_in(region: Region) -> dict[str, int]:
    """Tanum's own log-in, two who wait at it, one who got a no, and one who is added before her first log-in."""
    tanum, birgit = region.organisation("tanum"), region.actor("birgit")
    with scope(birgit.scope()):
        provider = add_provider(
            by=birgit,
            slug="tanum-arbetskonto",
            organisation=tanum,
            label="arbetskonto i Tanum",
            issuer="https://inloggning.tanum.example",
            client_id="medskick",
            secret_variable="MEDSKICK_LOGIN_TANUM_ARBETSKONTO",  # noqa: S106  the variable's name, not its value
            for_staff=True,
            required_claims={"organisation": "tanum"},
        )
        for name, account, title, unit, role in INVITED:
            add_employee(
                by=birgit,
                name=name,
                email=f"{account}@{DOMAIN}",
                title=title,
                unit=region.units["tanum", unit],
                roles=[role],
            )
    for name, account in (*WAITING, TURNED_AWAY):
        _ask(provider, name, account)
    with scope(birgit.scope()):
        asked = [one for one in tanum.access_requests.filter(decided_at__isnull=True) if one.name == TURNED_AWAY[0]]
        for one in asked:
            turn_away(one, by=birgit, reason="Din anställning hos oss tog slut i juni.")
    return {"väntar på att släppas in": len(WAITING)}


def _ask(provider: Provider, name: str, account: str) -> None:
    """Somebody logs in at Tanum with her account at work."""
    tanum = provider.organisation_id
    email = f"{account}@{DOMAIN}"
    identity = Identity(provider.namespace, account, name, "", "low", email=email, provider=provider)
    with scope(Scope(tanum)):
        person = recognise(identity, organisation=tanum)
        by = Actor(kind="person", organisation=tanum, person=person.id, name=name, channel="demo")
        ask_for_access(person.id, by=by, identity=identity)
