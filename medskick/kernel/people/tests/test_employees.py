"""Employees: added, changed, ended by their own administrator; two who change the same are both told the truth."""

from dataclasses import replace
from datetime import date
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.models import Unit
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.people.actions import (
    ChangedMeanwhile,
    Refused,
    add_employee,
    change_employment,
    end_employment,
    make_known,
)
from medskick.kernel.people.models import AccessRequest, Employment, Person, RoleAssignment
from medskick.kernel.people.queries import employment_state
from medskick.kernel.people.roles import ADMINISTRATOR, ANALYST, CASE_OFFICER, REGISTRAR
from medskick.kernel.tests.world import World, make_world, page_queries
from medskick.lib.personal_number import example_number

NUMBER = example_number(date(1971, 7, 6), 238)
PAGE = "/arbete/administration/medarbetare"


def roles_of(world: World, employment: UUID | None) -> set[str]:
    with world.acting(world.owner):
        given = RoleAssignment.objects.filter(employment_id=employment, ended_at__isnull=True)
        return set(given.values_list("role", flat=True))


def state_of(employment: Employment) -> str:
    given = employment.role_assignments.filter(ended_at__isnull=True)
    return employment_state(employment, given.values_list("role", flat=True))


def employed(world: World, actor: Actor) -> Employment:
    return Employment.objects.get(id=actor.employment)


def leave_one_administrator(world: World) -> None:
    with world.acting(world.owner):
        given = RoleAssignment.objects.get(
            employment_id=world.colleague.employment, role=ADMINISTRATOR, ended_at__isnull=True
        )
        given.ended_at = given.at
        given.save()


def test_changing_roles_ends_the_old_rows_and_makes_new_ones(world: World) -> None:
    with world.acting(world.owner):
        one = add_employee(by=world.owner, name="Frida", number=NUMBER.number12, title="A", roles=[REGISTRAR, ANALYST])
        change_employment(
            one, by=world.owner, title="B", unit=world.unit, roles=[ANALYST, CASE_OFFICER], seen=state_of(one)
        )
        rows = RoleAssignment.objects.filter(employment=one).order_by("role")
        told = [(row.role, row.ended_by, row.by_person) for row in rows]
        assert told == [
            (ANALYST, None, world.owner.person),
            (CASE_OFFICER, None, world.owner.person),
            (REGISTRAR, world.owner.person, world.owner.person),
        ]
        now = Employment.objects.get(id=one.id)
        assert (now.title, now.unit_id) == ("B", world.unit.id)


def test_the_later_of_two_is_told_and_nothing_of_the_first_is_lost(world: World) -> None:
    with world.acting(world.owner):
        one = add_employee(by=world.owner, name="Frida", number=NUMBER.number12, title="A", roles=[REGISTRAR])
        seen = state_of(one)
        change_employment(one, by=world.owner, title="A", unit=None, roles=[REGISTRAR, ANALYST], seen=seen)
    with world.acting(world.colleague), pytest.raises(ChangedMeanwhile):
        change_employment(one, by=world.colleague, title="C", unit=None, roles=[], seen=seen)
    assert roles_of(world, one.id) == {REGISTRAR, ANALYST}


def test_on_the_page_she_sees_what_it_is_now_and_may_save_again(world: World) -> None:
    mine, hers = world.client(world.owner), world.client(world.colleague)
    with world.acting(world.owner):
        one = add_employee(by=world.owner, name="Frida", number=NUMBER.number12, title="A", roles=[REGISTRAR])
    address = f"{PAGE}/{one.id}"
    seen = hers.get(address).context["form"]["seen"].value()
    assert mine.post(address, {"title": "B", "roles": [REGISTRAR], "seen": seen}).status_code == 302
    answer = hers.post(address, {"title": "C", "roles": [ANALYST], "seen": seen})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Någon annan ändrade samma person" in page
    assert "Så här är det nu" in page
    assert 'value="C"' in page
    form = answer.context["form"]
    assert form["roles"].value() == [ANALYST]
    again = {"title": "C", "roles": [ANALYST], "seen": form["seen"].value()}
    assert hers.post(address, again).status_code == 302
    assert roles_of(world, one.id) == {ANALYST}


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_save_at_the_same_moment_do_not_both_win() -> None:
    world = make_world()
    with world.acting(world.owner):
        one = add_employee(by=world.owner, name="Frida", number=NUMBER.number12, title="A", roles=[REGISTRAR])
        seen = state_of(one)
    start, told = Barrier(2), []

    def save(by: Actor, role: str) -> None:
        start.wait(10)
        try:
            with scope(by.scope()):
                change_employment(one, by=by, title="A", unit=None, roles=[role], seen=seen)
            told.append(role)
        except ChangedMeanwhile:
            told.append("changed meanwhile")
        finally:
            connections.close_all()

    both = [Thread(target=save, args=given) for given in ((world.owner, ANALYST), (world.colleague, CASE_OFFICER))]
    for each in both:
        each.start()
    for each in both:
        each.join(30)
    assert len(told) == 2
    assert "changed meanwhile" in told
    assert roles_of(world, one.id) == set(told) - {"changed meanwhile"}


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_take_each_other_s_role_at_the_same_moment_leave_one() -> None:
    world = make_world()
    start, told = Barrier(2), []

    def end(by: Actor, other: Actor) -> None:
        start.wait(10)
        try:
            with scope(by.scope()):
                end_employment(employed(world, other), by=by)
            told.append("ended")
        except Refused:
            told.append("refused")
        finally:
            connections.close_all()

    both = [
        Thread(target=end, args=given) for given in ((world.owner, world.colleague), (world.colleague, world.owner))
    ]
    for each in both:
        each.start()
    for each in both:
        each.join(30)
    assert sorted(told) == ["ended", "refused"]


def test_the_last_administrator_cannot_take_away_her_own_role_nor_end(world: World) -> None:
    leave_one_administrator(world)
    before = roles_of(world, world.owner.employment)
    with world.acting(world.owner):
        mine = employed(world, world.owner)
        with pytest.raises(Refused, match="sista administratören"):
            change_employment(
                mine, by=world.owner, title="Ny titel", unit=None, roles=before - {ADMINISTRATOR}, seen=state_of(mine)
            )
        with pytest.raises(Refused, match="sista administratören"):
            end_employment(mine, by=world.owner)
        assert employed(world, world.owner).title == mine.title
    assert roles_of(world, world.owner.employment) == before
    browser = world.client(world.owner)
    answer = browser.post(f"{PAGE}/{world.owner.employment}/slut")
    assert (answer.status_code, "sista administratören" in answer.content.decode()) == (422, True)
    assert browser.get("/arbete").status_code == 200


def test_one_of_two_administrators_may_leave(world: World) -> None:
    browser = world.client(world.colleague)
    assert world.client(world.owner).post(f"{PAGE}/{world.colleague.employment}/slut").status_code == 302
    assert browser.get("/arbete").status_code == 302
    leave = world.client(world.owner).post(f"{PAGE}/{world.owner.employment}/slut")
    assert leave.status_code == 422


def test_somebody_known_as_a_resident_is_employed_under_her_own_name(world: World) -> None:
    with scope(Scope(world.sotenas.id)):
        known = make_known(name="Frida Alm", number=NUMBER.number12)
    with world.acting(world.owner):
        made = add_employee(by=world.owner, name="Ond Ändring", number=NUMBER.number12, title="Handläggare")
        assert made.person_id == known.id
        assert Person.objects.get(id=known.id).name == "Frida Alm"
        with pytest.raises(Refused, match="redan medarbetare"):
            add_employee(by=world.owner, name="Frida", number=NUMBER.number12, title="Igen")


def test_adding_reaches_into_nobody_s_private_rows_for_longer_than_that(world: World) -> None:
    from medskick.kernel.organisations.scope import current_scope

    with world.acting(world.owner):
        before = current_scope()
        add_employee(by=world.owner, name="Frida", number=NUMBER.number12, title="Handläggare")
        assert current_scope() == before


@pytest.mark.parametrize("who", ["stranger", "regional"])
def test_another_organisation_s_administrator_neither_sees_nor_changes(world: World, who: str) -> None:
    other = getattr(world, who)
    browser = world.client(other)
    for address in (f"{PAGE}/{world.colleague.employment}", f"{PAGE}/{world.colleague.employment}/slut"):
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"title": "x"}).status_code == 404
    assert "Karin Kollega" not in browser.get(PAGE).content.decode()
    with world.acting(world.owner):
        mine = employed(world, world.colleague)
    with world.acting(other), pytest.raises(PermissionDenied):
        change_employment(mine, by=other, title="x", unit=None, roles=[], seen="")


def test_a_unit_of_another_organisation_is_refused(world: World) -> None:
    elsewhere = Unit.objects.get(organisation=world.sotenas)
    with world.acting(world.owner), pytest.raises(PermissionDenied):
        add_employee(by=world.owner, name="Frida", number=NUMBER.number12, title="A", unit=elsewhere)
    answer = world.client(world.owner).post(
        f"{PAGE}/ny", {"name": "Frida", "number": NUMBER.long, "title": "A", "unit": str(elsewhere.id)}
    )
    assert answer.status_code == 422


def test_only_administrators_open_the_pages(world: World) -> None:
    with world.acting(world.owner):
        one = add_employee(by=world.owner, name="Frida", number=NUMBER.number12, title="A", roles=[CASE_OFFICER])
    officer = replace(world.colleague, person=one.person_id, employment=one.id)
    browser = world.client(officer)
    for address in (PAGE, f"{PAGE}/ny", f"{PAGE}/fil", f"{PAGE}/{one.id}", "/arbete/administration/inloggning"):
        assert browser.get(address).status_code == 403
    with world.acting(replace(officer, roles=frozenset({CASE_OFFICER}))) as by, pytest.raises(PermissionDenied):
        add_employee(by=by, name="X", email="x@x.example", title="X")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Skriv personnummer eller e-post"),
        ({"number": "850709-2381"}, "stämmer inte"),
        ({"email": "inte en adress"}, "Skriv en e-postadress"),
        ({"number": NUMBER.long, "title": ""}, "Fyll i rutan ”Titel”"),
        ({"number": NUMBER.long, "roles": ["kung"]}, "finns inte att välja"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_comes_back(world: World, given: dict[str, Any], words: str) -> None:
    answer = world.client(world.owner).post(f"{PAGE}/ny", {"name": "Frida <b>Alm", "title": "Handläggare", **given})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Frida &lt;b&gt;Alm" in page
    with world.acting(world.owner):
        assert Employment.objects.count() == 2


def test_the_list_has_those_who_wait_first_and_finds_by_name(world: World) -> None:
    with scope(Scope(world.tanum.id)):
        person = make_known(name="Frida Alm")
        AccessRequest(
            organisation=world.tanum, person=person, provider="Konto", issuer="x", name="Frida Alm", email=""
        ).save(force_insert=True)
    browser = world.client(world.owner)
    page = browser.get(PAGE).content.decode()
    assert page.index("Frida Alm") < page.index("Arbetar här") < page.index("Karin Kollega")
    found = browser.get(PAGE, {"sok": "KARIN"}).content.decode()
    assert "Karin Kollega" in found
    assert "Olle Ägare</a></th>" not in found
    assert "Ingen med det namnet" in browser.get(PAGE, {"sok": "%_'"}).content.decode()
    assert "1 väntar" in browser.get("/arbete/administration").content.decode()


def test_the_list_costs_the_same_with_more_people(world: World) -> None:
    browser = world.client(world.owner)
    page_queries(browser, PAGE)
    few = page_queries(browser, PAGE)
    with world.acting(world.owner):
        for count in range(4):
            add_employee(by=world.owner, name=f"N{count}", email=f"n{count}@x.example", title="A", roles=[ANALYST])
    assert len(page_queries(browser, PAGE)) == len(few) <= 9
