"""The log tells what happened without telling about whom."""

import logging
import sys

from medskick.project.logs import PrivateFormatter


def _formatted(name: str, message: str, *, exception: Exception | None = None) -> str:
    info = None
    if exception is not None:
        try:
            raise exception
        except Exception:
            info = sys.exc_info()
    record = logging.LogRecord(name, logging.ERROR, "file.py", 1, message, (), info)
    return PrivateFormatter("%(message)s").format(record)


def test_secret_addresses_and_queries_are_left_out() -> None:
    assert (
        _formatted("django.request", "Not Found: /spar/min/k3hd92hd7s8fk2l1?sok=Anna+Svensson")
        == "Not Found: /spar/min/…?…"
    )
    assert _formatted("django.request", "Not Found: /sotenas/tyck-till") == "Not Found: /sotenas/tyck-till"


def test_what_the_database_quotes_is_left_out() -> None:
    quoted = ValueError("duplicate key\nDETAIL:  Key (email)=(anna@example.se) already exists.")
    text = _formatted("medskick", "It failed", exception=quoted)
    assert "duplicate key" in text
    assert "anna@example.se" not in text
