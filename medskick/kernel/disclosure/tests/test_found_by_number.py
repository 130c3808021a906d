"""Somebody types the number of her receipt into the search: she is told where it leads, never whose it is."""

import pytest

from medskick.kernel.tests.world import World


def found(world: World, text: str) -> str:
    return world.client().get("/tanum/sok", {"q": text}).content.decode()


def test_a_diary_number_leads_to_the_diary(world: World) -> None:
    page = found(world, "TA 2026-00027")
    assert "Leta i diariet" in page
    assert "/tanum/diarium?ord=TA" in page
    assert "Öppna adressen som står på det" in page


@pytest.mark.parametrize("text", ["WNHS-6456", "wnhs6456"])
def test_a_trace_number_that_one_may_not_read_is_told_of_the_receipt(world: World, text: str) -> None:
    assert "Öppna adressen som står på det" in found(world, text)
    assert "Se vad som har hänt" not in found(world, text)


def test_an_ordinary_word_is_no_number(world: World) -> None:
    assert "Öppna adressen som står på det" not in found(world, "gatubelysning")
