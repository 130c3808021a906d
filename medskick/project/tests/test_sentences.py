from medskick.project.sentences import debt_sentence, greeting, waiting_sentence


def test_the_greeting_follows_the_hour() -> None:
    assert [greeting("Maria Lund", hour) for hour in (7, 13, 21)] == [
        "God morgon Maria",
        "Hej Maria",
        "God kväll Maria",
    ]


def test_one_thing_waits_and_several_wait() -> None:
    assert [waiting_sentence(count) for count in (0, 1, 3)] == ["", "1 sak väntar på dig.", "3 saker väntar på dig."]


def test_answer_debt_counts_what_is_late_and_never_hides_what_waits_too_long() -> None:
    debt = {"answered_in_time": 2, "answered_late": 1, "waiting": 7, "overdue": 1}
    assert debt_sentence(debt) == "50 % av era röster det senaste året fick svar i tid (2 av 4)."
    assert debt_sentence(dict.fromkeys(debt, 0)) == ""
