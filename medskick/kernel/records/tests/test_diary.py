"""Diary numbers: without gaps when many register at once, and never used twice."""

import random
import threading
import time

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction

from medskick.kernel.records.actions import create_item, register, void_number
from medskick.kernel.records.models import Record, VoidedNumber
from medskick.kernel.tests.world import World, make_world


@pytest.mark.django_db(transaction=True)
def test_many_who_register_at_once_and_some_who_give_up_leave_no_gap() -> None:
    world = make_world()
    problems: list[BaseException] = []

    def registers(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for turn in range(6):
                gives_up = turn % 3 == 2
                try:
                    with world.acting(world.owner):
                        item = create_item(by=world.owner, kind="kernel.document", title=f"Handling {seed}.{turn}")
                        register(item, by=world.owner)
                        time.sleep(chance.random() / 200)
                        if gives_up:
                            raise InterruptedError
                except InterruptedError:
                    continue
        except BaseException as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=registers, args=[seed]) for seed in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert problems == []
    with world.acting(world.owner):
        assert sorted(Record.objects.values_list("serial", flat=True)) == list(range(1, 21))


def test_each_organisation_and_year_counts_for_itself(world: World) -> None:
    for by in (world.owner, world.stranger):
        with world.acting(by):
            record = register(create_item(by=by, kind="kernel.document", title="Ett"), by=by)
        with world.acting(by):
            record = Record.objects.get(pk=record.pk)
            assert record.serial == 1
            assert record.diary_number == f"{record.series} {record.year}-00001"


def test_a_voided_number_stays_in_the_diary_with_who_and_why(world: World) -> None:
    with world.acting(world.owner):
        first = register(create_item(by=world.owner, kind="kernel.document", title="Fel"), by=world.owner)
    with world.acting(world.owner):
        record = Record.objects.get(pk=first.pk)
        void_number(record, by=world.owner, reason="Registrerad två gånger")
        with pytest.raises(IntegrityError), transaction.atomic():
            void_number(record, by=world.owner, reason="En gång till")
        second = register(create_item(by=world.owner, kind="kernel.document", title="Rätt"), by=world.owner)
    with world.acting(world.owner):
        assert Record.objects.get(pk=second.pk).serial == 2
        voided = VoidedNumber.objects.get()
        assert (voided.serial, voided.reason, voided.by_person) == (1, "Registrerad två gånger", world.owner.person)
    with world.acting(world.resident), pytest.raises(PermissionDenied):
        void_number(record, by=world.resident, reason="Jag ville")
