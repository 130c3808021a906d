"""Creating an indicator, recording its values, and what was known when."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from medskick.kernel.log.models import LogEntry
from medskick.kernel.notifications.actions import follow
from medskick.kernel.notifications.models import Notification
from medskick.kernel.records.models import Level
from medskick.kernel.tests.world import World
from medskick.measure import api
from medskick.measure.indicators.actions import (
    NewValue,
    Recorded,
    Refused,
    create_indicator,
    record_value,
    record_values,
)
from medskick.measure.indicators.models import Indicator, Missing, Value
from medskick.measure.indicators.queries import About, revised_days, revisions_of
from medskick.measure.indicators.tests.factories import fibre, moment


def test_a_series_keeps_its_values_and_its_gaps_in_order(world: World) -> None:
    with world.acting(world.owner):
        made = fibre(world.owner, "81", None, "94")
        assert [(one.period, one.value, one.missing) for one in api.series(made)] == [
            ("2019", Decimal(81), ""),
            ("2020", None, Missing.NOT_COLLECTED),
            ("2021", Decimal(94), ""),
        ]
        assert api.finding_sentence(made) == "Fiber når 94\u00a0% av hushållen, upp från 81\u00a0% 2019"
        assert api.value(made, "2020").value is None
        assert api.value(made, "2018") is None


def test_a_revised_value_is_a_new_row_and_the_old_one_is_still_known(world: World) -> None:
    with world.acting(world.owner):
        made = fibre(world.owner)
        for value, known, note in ((Decimal(93), moment(2024), ""), (Decimal(92), moment(2026), "Räknat två gånger")):
            record_value(by=world.owner, indicator=made, period="2023", value=value, learned_at=known, note=note)
        assert api.value(made, "2023").value == Decimal(92)
        assert api.value(made, "2023", known=date(2026, 3, 3)).value == Decimal(93)
        assert api.value(made, "2023", known=date(2026, 3, 4)).value == Decimal(92)
        assert api.value(made, "2023", known=date(2024, 3, 3)) is None
        assert [(was.value, became.value, became.note) for was, became in revisions_of(made)] == [
            (Decimal(93), Decimal(92), "Räknat två gånger")
        ]
        assert revised_days(made, About(organisation=world.tanum.id)) == [date(2026, 3, 4), date(2024, 3, 4)]


def test_what_became_known_later_may_be_entered_first(world: World) -> None:
    with world.acting(world.owner):
        made = fibre(world.owner)
        record_value(by=world.owner, indicator=made, period="2023", value=Decimal(92), learned_at=moment(2026))
        record_value(by=world.owner, indicator=made, period="2023", value=Decimal(93), learned_at=moment(2024))
        assert api.value(made, "2023").value == Decimal(92)
        assert api.value(made, "2023", known=date(2025, 1, 1)).value == Decimal(93)


def test_values_are_never_overwritten_or_taken_away(world: World) -> None:
    with world.acting(world.owner):
        fibre(world.owner, "81")
        with pytest.raises(DatabaseError), transaction.atomic():
            Value.objects.update(value=Decimal(99))
        with pytest.raises(DatabaseError), transaction.atomic():
            Value.objects.all().delete()


def test_saying_the_same_again_changes_nothing(world: World) -> None:
    key = uuid4()
    with world.acting(world.owner):
        made = fibre(world.owner)
        first = record_value(by=world.owner, indicator=made, period="2023", value=Decimal(92), submission_key=key)
        assert record_value(by=world.owner, indicator=made, period="2023", value=Decimal(92)) == first
        assert (
            record_value(by=world.owner, indicator=made, period="2023", value=Decimal(80), submission_key=key) == first
        )
        assert Value.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"period": "2023", "value": Decimal(140)}, "utanför"),
        ({"period": "2023", "value": Decimal(-1)}, "utanför"),
        ({"period": "2023", "value": None}, "säg varför det saknas"),
        ({"period": "2023", "value": Decimal(9), "missing": "unknown"}, "Antingen"),
        ({"period": "förra året", "value": Decimal(9)}, "varken ett år"),
        ({"period": str(timezone.localdate().year + 1), "value": Decimal(9)}, "har inte börjat"),
        ({"period": "2023", "value": Decimal(9), "learned_at": moment(2099)}, "i framtiden"),
        ({"period": "2025", "value": Decimal(9), "learned_at": moment(2024)}, "har inte börjat"),
    ],
)
def test_what_cannot_be_is_refused(world: World, given: dict, words: str) -> None:
    with world.acting(world.owner):
        made = fibre(world.owner)
        with pytest.raises(Refused, match=words):
            record_value(by=world.owner, indicator=made, **given)
        assert Value.objects.count() == 0


def test_many_values_at_once_are_counted_and_logged_once(world: World) -> None:
    with world.acting(world.owner):
        made = fibre(world.owner, "81")
        values = [NewValue("2019", Decimal(81)), NewValue("2020", Decimal(84)), NewValue("2019", Decimal(80))]
        assert record_values(by=world.owner, indicator=made, values=values[:2], dry_run=True) == Recorded(1, 0, 1)
        assert Value.objects.count() == 1
        assert record_values(by=world.owner, indicator=made, values=values[:2]) == Recorded(
            new=1, revised=0, unchanged=1
        )
        assert record_values(by=world.owner, indicator=made, values=values[2:]) == Recorded(
            new=0, revised=1, unchanged=0
        )
        assert LogEntry.objects.filter(verb="measure.values.recorded", item=made.pk).count() == 2


def test_two_values_of_one_cell_on_one_day_are_refused(world: World) -> None:
    with world.acting(world.owner):
        made = fibre(world.owner)
        values = [NewValue("2019", Decimal(one), learned_at=moment(2024)) for one in (81, 82)]
        with pytest.raises(Refused, match="redan ett annat värde") as refusal:
            record_values(by=world.owner, indicator=made, values=values)
        assert refusal.value.given is values[1]


def test_those_who_follow_an_indicator_are_told_of_a_new_value(world: World) -> None:
    with world.acting(world.owner):
        made = fibre(world.owner)
        follow(made.item, by=world.owner, follower=world.resident.person)
        record_value(by=world.owner, indicator=made, period="2023", value=Decimal(94))
    with world.acting(world.resident):
        assert [one.what for one in Notification.objects.all()] == ["Hushåll med fiber har fått ett värde för 2023."]


def test_the_key_is_unique_within_its_owner_and_the_own_goes_before_the_region_s(world: World) -> None:
    with world.acting(world.regional):
        regional = fibre(world.regional)
        with pytest.raises(Refused, match="redan ett nyckeltal"):
            fibre(world.regional)
    with world.acting(world.owner):
        assert api.find_indicator("fiber") == regional
        own = fibre(world.owner)
        assert api.find_indicator("fiber") == own
        assert api.find_indicator("fiber", owner=world.region.id) == regional
    with world.acting(world.stranger):
        assert api.find_indicator("fiber") == regional
        assert api.find_indicator("finns-inte") is None


def test_a_form_sent_twice_makes_one_indicator(world: World) -> None:
    key = uuid4()
    with world.acting(world.owner):
        assert fibre(world.owner, submission_key=key) == fibre(world.owner, submission_key=key)
        assert Indicator.objects.count() == 1


@pytest.mark.parametrize("level", [Level.PUBLIC, Level.ORGANISATION])
def test_who_reads_and_who_writes(world: World, level: str) -> None:
    with world.acting(world.owner):
        made = fibre(world.owner, "81", level=level)
    seen = {"owner", "colleague", "stranger", "resident"} if level == Level.PUBLIC else {"owner", "colleague"}
    for name in ("owner", "colleague", "stranger", "resident"):
        with world.acting(getattr(world, name)):
            assert Indicator.objects.filter(pk=made.pk).exists() == (name in seen), name
            assert Value.objects.filter(indicator=made.pk).exists() == (name in seen), name


def test_a_stranger_and_a_resident_record_nothing(world: World) -> None:
    with world.acting(world.owner):
        made = fibre(world.owner, "81")
    for actor in (world.stranger, world.resident, world.phone(world.tanum)):
        with world.acting(actor):
            with pytest.raises(PermissionDenied):
                record_value(by=actor, indicator=made, period="2023", value=Decimal(9))
            with pytest.raises(PermissionDenied):
                record_values(by=actor, indicator=made, values=[])
            # The database refuses too, whatever the code forgets.
            with pytest.raises(DatabaseError), transaction.atomic():
                Value.objects.bulk_create(
                    [Value(indicator_id=made.pk, about_organisation=world.tanum, period="2023", value=Decimal(9))]
                )
            assert Indicator.objects.filter(pk=made.pk).update(title="Kapat") == 0
    with world.acting(world.resident), pytest.raises(PermissionDenied):
        create_indicator(by=world.resident, title="Mitt", theme="Mitt")
