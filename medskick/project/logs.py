"""A log without people in it: addresses lose what could be a secret, database errors lose the values they quote."""

import logging
import re
from types import TracebackType

# A trace address, a live ticket or a kept form's secret is a long segment of a path; a query can hold anything.
_LONG_SEGMENT = re.compile(r"(?<=/)[^/\s?]{14,}")
_QUERY = re.compile(r"\?\S+")
# PostgreSQL quotes rows and keys: "DETAIL:  Key (email)=(a@b.se) already exists."
_QUOTED_BY_DATABASE = re.compile(r"^\s*(DETAIL|CONTEXT|HINT|LINE \d+):.*$", re.MULTILINE)
_SECRET_ADDRESSES = ("django.request", "django.security", "uvicorn", "granian")


class PrivateFormatter(logging.Formatter):
    """Formats like the standard one, then takes out what must not be kept."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the standard library's name
        text = super().formatMessage(record)
        if record.name.startswith(_SECRET_ADDRESSES):
            text = _QUERY.sub("?…", _LONG_SEGMENT.sub("…", text))
        return text

    def formatException(  # noqa: N802 - the standard library's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        return _QUOTED_BY_DATABASE.sub(r"\1: (left out)", super().formatException(ei))
