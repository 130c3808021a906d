"""The operator writes an organisation's export, or is the second pair of eyes for one asked for on the page."""

from pathlib import Path

import pytest

from medskick.kernel.operation.export_actions import ask_for_export
from medskick.kernel.operation.models import OrganisationExport
from medskick.kernel.tests.world import World, make_world
from medskick.project.cli import main

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_the_operator_is_the_second_pair_of_eyes(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "tanum", "--release"]) == 1
    with world.acting(world.owner):
        ask_for_export(by=world.owner, reason="Beslut")
    assert main(["export", "tanum", "--release"]) == 0
    assert "Released what Olle Ägare asked for" in capsys.readouterr().out
    with world.acting(world.owner):
        assert OrganisationExport.objects.get().released_at is not None


def test_it_is_written_into_a_new_folder_only(world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["export", "tanum", str(tmp_path / "out")]) == 0
    assert "rows in" in capsys.readouterr().out
    assert main(["export", "tanum", str(tmp_path / "out")]) == 1
    assert main(["export", "finns-inte", str(tmp_path / "x")]) == 1
    assert main(["export", "tanum"]) == 1
    assert main(["import", "organisation", str(tmp_path / "out")]) == 1
    assert "needs an empty one" in capsys.readouterr().err
