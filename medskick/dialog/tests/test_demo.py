"""The example year is built by the verbs, and says what a year should have."""

from datetime import date

from medskick.dialog import api, demo
from medskick.kernel.organisations.actor import system
from medskick.kernel.organisations.models import Network
from medskick.kernel.records.models import Record
from medskick.kernel.tests.world import World

TODAY = date(2026, 11, 24)


def test_the_year_has_held_cancelled_open_and_planned_sessions(world: World) -> None:
    names = {one.network for one in demo.GATHERINGS if one.network}
    networks = {one: Network.objects.get_or_create(holder=world.region, name=one)[0] for one in names}
    holders = {"fyrbodal": world.region, "tanum": world.tanum, "sotenas": world.sotenas}
    leaders = {slug: system(one.id, channel="demo") for slug, one in holders.items()}
    year = demo.run(
        leaders=leaders,
        colleagues={"sara": world.regional, "tove": world.owner, "lena": world.colleague},
        networks=networks,
        municipalities=[world.tanum, world.sotenas],
        today=TODAY,
    )

    states = {key: session.state for key, session in year.sessions.items()}
    assert states == {
        "digitalisering": "held",
        "omsorg": "held",
        "skola": "held",
        "naringsliv": "cancelled",
        "bygglov": "held",
        "bibliotek": "held",
        "atervinning": "held",
        "hamnplan": "open",
        "malbild": "planned",
        "destination": "confirmed",
        "vad-vem-hur": "held",
        "tanum": "planned",
    }
    with world.acting(world.regional):
        assert Record.objects.count() == 8
        first = year.sessions["digitalisering"]
        assert api.answers_of(first).count() == 70
        assert {one.called for one in api.Participant.objects.filter(session=year.sessions["bygglov"])} == set(
            demo.said.ALIASES
        )
        assert year.sessions["omsorg"].item.invented
        item = api.lift_answer(answer=year.answers["Mormor kan inte boka färdtjänst i appen"], by=world.regional)
        assert item.occurred_at.date() == date(2026, 1, 25)
    with world.acting(world.stranger):
        shown = api.answers_of(year.sessions["hamnplan"], include_hidden=False)
        assert shown.count() == len(demo.said.HARBOUR)
