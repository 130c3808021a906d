from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medskick.lib import money

ore = st.integers(-(10**13), 10**13)


def test_kronor_are_said_with_hard_spaces_and_ore_when_there_are_any():
    assert money.say_kronor(1234) == "1\u00a0234\u00a0kr"
    assert money.say_kronor(Decimal("1234.50")) == "1\u00a0234,50\u00a0kr"
    assert money.say_kronor(Decimal("-0.50")) == "−0,50\u00a0kr"
    assert money.say_kronor(1234, ore=True) == "1\u00a0234,00\u00a0kr"
    assert money.say_kronor(Decimal("99.50"), ore=False) == "100\u00a0kr"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (9_999, "9\u00a0999\u00a0kr"),
        (10_000, "10\u00a0tkr"),
        (999_499, "999\u00a0tkr"),
        (999_500, "1,0\u00a0mnkr"),
        (12_400_000, "12,4\u00a0mnkr"),
        (-12_400_000, "−12,4\u00a0mnkr"),
        (999_949_999, "999,9\u00a0mnkr"),
        (999_950_000, "1,0\u00a0mdkr"),
        (2_500_000_000_000, "2\u00a0500,0\u00a0mdkr"),
    ],
)
def test_large_amounts_use_the_units_of_budgets(amount, said):
    assert money.say_large_kronor(amount) == said


@pytest.mark.parametrize("amount", [1.5, True, "12"])
def test_only_exact_amounts_are_money(amount):
    with pytest.raises(TypeError, match="never float"):
        money.say_kronor(amount)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1 234,50 kr", "1234.50"),
        ("500:-", "500"),
        ("12,4 mnkr", "12400000"),
        ("3 tkr", "3000"),
        ("−20", "-20"),
        ("1,5 Miljoner Kronor", "1500000"),
    ],
)
def test_typed_amounts(typed, amount):
    assert money.parse_kronor(typed) == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "inte ett belopp"),
        ("5 euro", "inte ett belopp"),
        ("kr", "inte ett belopp"),
        ("1,234 kr", "fler än två decimaler"),
    ],
)
def test_what_is_no_amount_is_explained(typed, reason):
    with pytest.raises(ValueError, match=reason):
        money.parse_kronor(typed)


@given(ore)
def test_an_amount_survives_saying_and_storing(number):
    amount = money.from_ore(number)
    assert money.to_ore(amount) == number
    assert money.parse_kronor(money.say_kronor(amount)) == amount


@given(ore, st.lists(st.integers(0, 200_000), min_size=1, max_size=14).filter(any))
def test_shared_costs_sum_to_the_cost_and_are_fair_to_the_ore(number, weights):
    parts = money.share_out(money.from_ore(number), weights)
    assert sum(parts) == money.from_ore(number)
    fair = [Decimal(number) * weight / sum(weights) / 100 for weight in weights]
    assert all(abs(part - share) <= Decimal("0.01") for part, share in zip(parts, fair, strict=True))


def test_a_cost_cannot_be_shared_by_no_weight():
    assert money.share_out(100, [1, 1, 1]) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    for weights in ([], [0, 0], [2, -1]):
        with pytest.raises(ValueError, match="weights"):
            money.share_out(100, weights)
