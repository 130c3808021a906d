"""medskick provider: a municipality's log-in is added by one command, and its secret is never stored."""

import argparse

import pytest

from medskick.kernel.people.models import Provider
from medskick.project.commands import CommandProblem, provider

pytestmark = pytest.mark.usefixtures("world")

GIVEN = ["add", "eid", "--label", "e-legitimation", "--client-id", "medskick", "--secret-variable", "EID_SECRET"]
ISSUER = ["--issuer", "https://eid.example.se"]


def run(*given: str) -> int:
    parser = argparse.ArgumentParser()
    provider.add_arguments(parser)
    return provider.run(parser.parse_args(given))


def test_one_is_added_changed_listed_and_removed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*GIVEN, *ISSUER, "--acr", "http://id.elegnamnden.se/loa/1.0/loa3=substantial") == 0
    assert run(*GIVEN, *ISSUER, "--staff", "--acr", "http://id.elegnamnden.se/loa/1.0/loa3=high") == 0
    kept = Provider.objects.get(slug="eid")
    assert (kept.for_staff, kept.assurance_by_acr) == (True, {"http://id.elegnamnden.se/loa/1.0/loa3": "high"})
    capsys.readouterr()
    run("list")
    assert (
        "eid: e-legitimation, https://eid.example.se, oidc, region, staff, EID_SECRET is not set"
        in capsys.readouterr().out
    )
    run("remove", "eid")
    assert not Provider.objects.filter(slug="eid").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([*GIVEN, "--issuer", "http://eid.example.se"], "must begin with https"),
        ([*GIVEN, *ISSUER, "--acr", "loa3=certain"], "The levels are: none, low, substantial, high"),
        (["add", "e id", *GIVEN[2:], *ISSUER], "a–z, siffror"),
        (["check", "nobody"], "There is no provider nobody"),
        (["remove", "nobody"], "There is no provider nobody"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(given: list[str], said: str) -> None:
    with pytest.raises(CommandProblem, match=said):
        run(*given)


def test_the_same_issuer_is_not_added_twice() -> None:
    run(*GIVEN, *ISSUER)
    with pytest.raises(CommandProblem, match="is there already, as eid"):
        run("add", "other", *GIVEN[2:], *ISSUER)
