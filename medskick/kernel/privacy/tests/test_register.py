"""The register of processing: complete by discovery, completed by each organisation, and told to everybody."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.db import models

from medskick.kernel import personal_data
from medskick.kernel.people.models import Person
from medskick.kernel.personal_data import PersonalData, declared, encrypted_models
from medskick.kernel.privacy import processings as register
from medskick.kernel.privacy.actions.register import name_contact, note_processing
from medskick.kernel.privacy.models import ProcessingNote
from medskick.kernel.privacy.queries import register_of
from medskick.kernel.tests.world import World
from medskick.lib.csv_rows import read_rows


def undeclared() -> list[str]:
    """Models with an encrypted field that do not say what they hold of people."""
    said = {model for model, _ in declared()}
    return [model._meta.label for model in encrypted_models() if model not in said]


def test_every_table_of_personal_data_is_in_the_register() -> None:
    assert undeclared() == []
    assert register.faults() == []
    assert len(list(encrypted_models())) >= 10


def test_a_table_that_says_nothing_and_a_processing_without_purpose_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Person, "personal_data")
    assert undeclared() == ["kernel.Person"]
    monkeypatch.undo()

    def seeded() -> Iterator[tuple[type[models.Model], PersonalData]]:
        yield Person, PersonalData("nowhere", "ditt namn", found_by="id")
        yield Person, PersonalData("people", "ditt namn")

    monkeypatch.setattr(register, "declared", seeded)
    monkeypatch.setitem(register._own, "people", register.Processing("people", "inloggning", "", ""))
    assert set(register.faults()) == {
        "kernel.Person is kept for 'nowhere', which is no processing",
        "people states no purpose",
        "people states no legal_basis",
        "kernel.Person neither says how a person is found in it nor why she is not given it",
    }
    assert personal_data.declared is declared


def test_a_note_replaces_the_one_before_and_both_stay(world: World) -> None:
    with world.acting(world.owner):
        note_processing("people", by=world.owner, recipients="ingen", retention="ett år")
        note_processing("people", by=world.owner, recipients="ingen alls")
        assert ProcessingNote.objects.filter(owner=world.tanum).count() == 2
        rows = {one.processing.key: one.note for one in register_of(world.tanum.id)}
    assert rows["people"] is not None and rows["people"].recipients == "ingen alls"
    assert {key for key, note in rows.items() if note} == {"people"}
    with world.acting(world.stranger):
        assert all(one.note is None for one in register_of(world.sotenas.id))


def test_only_the_administrator_writes_and_a_judgement_needs_its_reason(world: World) -> None:
    with world.acting(world.resident_at(world.tanum)) as resident, pytest.raises(PermissionDenied):
        note_processing("people", by=resident, recipients="alla")
    with world.acting(world.owner):
        with pytest.raises(ValueError, match="varför"):
            note_processing("people", by=world.owner, impact_needed=True)
        with pytest.raises(LookupError):
            note_processing("finns-inte", by=world.owner)


def test_the_pages_and_the_file_say_the_same(world: World) -> None:
    client = world.client(world.owner)
    answer = client.post(
        "/arbete/administration/behandlingar/people",
        {"recipients": "Lämnas inte vidare", "retention": "Två år", "impact_needed": "yes", "impact_decision": ""},
    )
    assert answer.status_code == 422
    assert "Lämnas inte vidare" in answer.content.decode()
    said = {"recipients": "Lämnas inte vidare", "retention": "=Två år", "impact_needed": "no", "impact_decision": "Få"}
    assert client.post("/arbete/administration/behandlingar/people", said).status_code == 302
    assert client.post("/arbete/administration/dataskydd", {"responsible": "Kommunstyrelsen"}).status_code == 302
    public = world.client().get("/tanum/om/personuppgifter").content.decode()
    assert "Kommunstyrelsen i Tanum kommun" in public
    assert "Lämnas inte vidare" in public
    assert "Lämnas inte vidare" not in world.client().get("/sotenas/om/personuppgifter").content.decode()
    table = read_rows(client.get("/arbete/administration/behandlingar.csv").content)
    row = next(one for one in table.rows if table.cell(one, "Behandling") == "inloggning")
    assert table.cell(row, "Mottagare") == "Lämnas inte vidare"
    assert table.cell(row, "Gallring") == "'=Två år"
    assert table.cell(row, "Konsekvensbedömning") == "behövs inte"
    assert table.cell(row, "Ansvarig") == "Kommunstyrelsen"
    assert client.get("/arbete/administration/behandlingar/finns-inte").status_code == 404


def test_the_contact_of_another_organisation_s_unit_is_refused(world: World) -> None:
    other = world.stranger.unit
    with world.acting(world.owner), pytest.raises(PermissionDenied):
        from medskick.kernel.organisations.models import Unit

        name_contact(by=world.owner, responsible="Nämnden", unit=Unit.objects.get(id=other))
