"""`medskick check` says when mail cannot go out."""

from typing import Any

import pytest

from medskick.project.commands.check import _mail


@pytest.mark.parametrize(
    ("demonstration", "url", "said"),
    [
        (True, "", []),
        (False, "", ["MEDSKICK_SMTP_URL is not set, so all mail stays in the queue. docs/drift.md says how it is written."]),
        (False, "smtps://post.tanum.example", []),
        (
            False,
            "smtp+plain://post.tanum.example",
            ["MEDSKICK_SMTP_URL: smtp+plain:// is for a mail server on this very machine: elsewhere use smtp:// or smtps://."],
        ),
    ],
)  # fmt: skip
def test_the_mail_server_is_looked_at(settings: Any, demonstration: bool, url: str, said: list[str]) -> None:
    settings.DEMONSTRATION, settings.SMTP_URL = demonstration, url
    assert list(_mail()) == said
