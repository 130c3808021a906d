"""The tests connect as the pages do: as a role that row-level security binds."""

import pytest
from django.db import connections


def _who(alias: str) -> tuple[str, bool, bool]:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_user::text, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        return cursor.fetchone()


@pytest.mark.django_db(databases=["default", "owner"])
def test_pages_and_migrations_use_two_roles_and_neither_stands_above_the_row_policies() -> None:
    assert _who("default") == ("medskick_app", False, False)
    assert _who("owner") == ("medskick_owner", False, False)


@pytest.mark.django_db
def test_the_app_role_cannot_make_or_change_tables() -> None:
    from django.db import ProgrammingError, transaction

    for statement in ("CREATE TABLE mine (x int)", "ALTER TABLE django_session ADD x int", "DROP TABLE django_session"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", [1, 2])
def test_a_test_that_commits_leaves_nothing_behind(round: int) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone() == (0,)
        cursor.execute("INSERT INTO django_session VALUES ('key', 'data', now())")
