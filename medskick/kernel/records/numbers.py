"""The two numbers of an item: the trace number that everybody can say aloud, and the diary number that law asks for."""

from datetime import date
from uuid import UUID

from django.db import connection

from medskick.lib.codes import human_code

TRACE_NUMBER_LENGTH = 8


def trace_number() -> str:
    """A number for /spar/: random, so that it tells nothing of how many there are or what came before."""
    return human_code(TRACE_NUMBER_LENGTH)


def take_diary_number(owner: UUID, year: int) -> int:
    """The next number without gaps in the owner's diary for the year.

    Call it last before commit: the counter row stays locked until then, and a rollback gives the number back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into kernel_diarycounter (id, owner_id, year, last) values (gen_random_uuid(), %s, %s, 1)"
            " on conflict (owner_id, year) do update set last = kernel_diarycounter.last + 1 returning last",
            [owner, year],
        )
        return int(cursor.fetchone()[0])


def diary_year(today: date) -> int:
    return today.year
