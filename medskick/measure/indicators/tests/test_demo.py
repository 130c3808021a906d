"""The example's series: made by the verbs, marked invented, the same every time."""

from datetime import date

from medskick.kernel.tests.world import World
from medskick.measure import api
from medskick.measure.demo import TOLD, build_indicators
from medskick.measure.indicators.models import Indicator, Value

TODAY = date(2026, 11, 24)


def test_eight_invented_series_that_say_what_the_story_needs(world: World) -> None:
    by = world.regional.through("demo")
    with world.acting(by):
        made = build_indicators(by=by, municipalities=[world.tanum.id, world.sotenas.id], today=TODAY)
        assert list(made) == [told.key for told in TOLD]
        assert len(made) == 8
        assert all(one.invented and one.source_note.startswith("Påhittade") for one in made.values())
        said = {key: api.finding_sentence(one).replace("\u00a0", " ") for key, one in made.items()}
        assert said["vantetid-telefon"] == "Den som ringer färdtjänsten väntar i 3 min, ned från 9 min november 2025"
        assert said["fiber-hushall"] == "Fiber når 94 % av hushållen, upp från 84 % 2020"
        assert said["kvallsoppet-nojda"] == (
            "83 % är nöjda med öppettiderna på återvinningen, upp från 61 % november 2025"
        )
        assert said["deltagare-i-dialog"].startswith("Ingen tydlig förändring")
        assert said["personal-digital-trygghet"].startswith("Uppgift saknas för 2025")
        assert api.value(made["fiber-hushall"], "2024", known=date(2026, 3, 1)).value == 93
        assert api.value(made["fiber-hushall"], "2024").value == 92
        assert api.value(made["fiber-hushall"], "2024", world.tanum.id) is not None


def test_the_example_is_the_same_every_time(world: World) -> None:
    by = world.regional.through("demo")
    kept = []
    for place in (world.tanum, world.sotenas):
        owner = (world.owner if place is world.tanum else world.stranger).through("demo")
        with world.acting(owner):
            build_indicators(by=owner, municipalities=[by.organisation], today=TODAY)
            own = Value.objects.filter(indicator__in=Indicator.objects.of(place.id))
            kept.append(
                sorted(own.values_list("indicator__key", "period", "value").filter(about_organisation=by.organisation))
            )
    assert kept[0] == kept[1]
    assert kept[0]
