"""Keys are changed in every room: what is found by a blind index is found all the time, and no value is left behind."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone

from medskick.kernel.assistance.actions.helping import begin_help
from medskick.kernel.assistance.actions.mandates import Named, Terms, give_proxy
from medskick.kernel.assistance.models import Assistance, AssistanceGround, Mandate
from medskick.kernel.disclosure.actions import ask_for_record
from medskick.kernel.disclosure.models import DisclosureRequest
from medskick.kernel.notifications.mail_actions import leave_address
from medskick.kernel.notifications.models import EmailAddress
from medskick.kernel.operation.models import AccessibilityReport
from medskick.kernel.operation.statement_actions import report_obstacle
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people import rotation
from medskick.kernel.people.actions import Refused, add_employee, make_known
from medskick.kernel.people.actions.employing import ask_for_access
from medskick.kernel.people.identity import Identity
from medskick.kernel.people.models import AccessRequest, Employment
from medskick.kernel.people.queries import find_person_by_work_address, open_request_by_address
from medskick.kernel.tests.world import World, make_world
from medskick.lib.personal_number import example_number

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

OLD, NEW = "the old secret of the tests", "the new secret of the tests"
ADDRESSES = [f"anna.{number}@tanum.example" for number in range(6)]
WAITING = "vera@tanum.example"
BO = Named(example_number(date(1975, 6, 9), 239).number12, "Bo Ombud")


def use(settings: Any, current: str, *old: str) -> None:
    settings.PERSONAL_DATA_KEY, settings.PERSONAL_DATA_OLD_KEYS = current, old


@pytest.fixture
def kept(transactional_db: None, settings: Any) -> Iterator[World]:
    """Six employees known by their addresses, one who waits to be let in, and what a resident leaves in the rooms."""
    use(settings, OLD)
    world = make_world()
    with world.acting(world.owner):
        for address in ADDRESSES:
            add_employee(by=world.owner, name="Anna", email=address, title="Handläggare")
        begin_help(by=world.owner, ground=AssistanceGround.STATED, named=BO, reason="Har ingen e-legitimation")
    with scope(Scope(world.tanum.id)):
        vera = make_known(name="Vera Väntar")
    with scope(Scope(world.tanum.id, reach=frozenset({vera.id}))):
        told = Identity("https://idp.example", "vera", vera.name, "", "substantial", email=WAITING)
        ask_for_access(vera.id, by=world.resident, identity=told)
    with world.acting(world.resident):
        give_proxy(by=world.resident, to=BO, terms=Terms(timezone.localdate()))
        leave_address(by=world.resident, address="ingrid@example.se")
        report_obstacle(by=world.resident, text="Knappen går inte att läsa upp", where="/", submission_key="a-form")
        ask_for_record(by=world.resident, organisation=world.tanum.id, wanted="Protokollet om gungan")
    yield world
    connections["owner"].close()


def found(world: World) -> list[UUID | None]:
    return [find_person_by_work_address(world.tanum.id, f" {one.upper()}") for one in ADDRESSES]


def test_a_work_address_is_found_before_during_and_after(kept: World, settings: Any) -> None:
    before = found(kept)
    assert None not in before and len(set(before)) == len(ADDRESSES)
    assert find_person_by_work_address(kept.sotenas.id, ADDRESSES[0]) is None
    use(settings, NEW, OLD)
    steps = 0
    for progress in rotation.rotate(batch=1):
        if str(progress.column) in ("kernel_employment.email", "kernel_accessrequest.email"):
            steps += 1
            assert found(kept) == before
            with kept.acting(kept.owner):
                assert open_request_by_address(kept.tanum.id, WAITING) is not None
                for address in ADDRESSES:
                    with pytest.raises(Refused, match="redan medarbetare"):
                        add_employee(by=kept.owner, name="Anna", email=address, title="Handläggare")
    assert steps == len(ADDRESSES) + 1
    use(settings, NEW)
    assert found(kept) == before
    with kept.acting(kept.owner):
        assert open_request_by_address(kept.tanum.id, WAITING) is not None


def test_a_row_that_is_saved_in_between_is_not_left_with_the_index_of_the_old_key(kept: World, settings: Any) -> None:
    """Saving writes the address with the new key, and what is written so is not looked at again."""
    before = found(kept)
    use(settings, NEW, OLD)
    with kept.acting(kept.owner):
        for one in Employment.objects.filter(email_index__isnull=False):
            one.save()
    for _progress in rotation.rotate():
        pass
    use(settings, NEW)
    assert found(kept) == before


def test_every_room_s_values_are_written_anew(kept: World, settings: Any) -> None:
    use(settings, NEW, OLD)
    waiting = {str(column) for column, count in rotation.waiting().items() if count}
    assert waiting >= {
        "kernel_accessrequest.name",
        "kernel_accessrequest.email",
        "kernel_employment.email",
        "kernel_emailaddress.address",
        "kernel_mandate.principal_name",
        "kernel_mandate.agent_name",
        "kernel_assistance.called",
        "kernel_assistance.reason",
        "kernel_accessibilityreport.text",
        "kernel_disclosurerequest.wanted",
    }
    for _progress in rotation.rotate():
        pass
    assert {str(column) for column, count in rotation.waiting().items() if count} == set()
    use(settings, NEW)
    with kept.acting(kept.resident):
        assert Mandate.objects.get().agent_name == BO.name
        assert EmailAddress.objects.get().address == "ingrid@example.se"
        assert AccessibilityReport.objects.get().text == "Knappen går inte att läsa upp"
    with kept.acting(kept.owner):
        assert AccessRequest.objects.get().email == WAITING
        assert Assistance.objects.get().called == BO.name
        assert DisclosureRequest.objects.get().wanted == "Protokollet om gungan"
