"""medskick check."""

import argparse
from collections.abc import Callable, Iterator

HELP = "Say whether this installation is sound: database, roles, tables, files, settings."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--deploy", action="store_true", help="also Django's advice for a server on the internet")


def run(options: argparse.Namespace) -> int:
    checks: list[tuple[str, Callable[[], Iterator[str]]]] = [
        ("PostgreSQL is 17 or later", _version),
        ("pages and jobs work under row-level security", _roles),
        ("no migration is left to run", _migrations),
        ("mail goes out", _mail),
        ("settings and code are sound", lambda: _django(deploy=options.deploy)),
    ]
    wrong = 0
    for promise, check in checks:
        found = list(check())
        wrong += bool(found)
        print(f"{'NO ' if found else 'ok '} {promise}")
        for line in found:
            print(f"      {line}")
    return 1 if wrong else 0


def _version() -> Iterator[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0])
    if version < 170000:
        yield f"It is {version // 10000}. Move the database to a newer server."


def _roles() -> Iterator[str]:
    from django.db import connections

    for alias, variable in (("default", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL")):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            name, above = cursor.fetchone()
        if above:
            yield f"{variable} names {name}, who stands above the row policies. See `medskick database roles`."
        if alias == "default":
            first = name
        elif name == first:
            yield "Both addresses name the same role, so that pages own their tables. See `medskick database roles`."


def _migrations() -> Iterator[str]:
    from medskick.project.migrating import pending

    left = pending()
    if left:
        yield f"{len(left)} are left ({', '.join(left)}). Run `medskick migrate`."


def _mail() -> Iterator[str]:
    """In demonstration mode mail is shown in the outbox, and no server is needed."""
    from django.conf import settings

    from medskick.kernel.notifications.smtp import read_url

    if not settings.SMTP_URL:
        if not settings.DEMONSTRATION:
            yield "MEDSKICK_SMTP_URL is not set, so all mail stays in the queue. docs/drift.md says how it is written."
        return
    try:
        read_url(settings.SMTP_URL)
    except ValueError as fault:
        yield f"MEDSKICK_SMTP_URL: {fault}"


def _django(*, deploy: bool) -> Iterator[str]:
    from django.core import checks

    for message in checks.run_checks(include_deployment_checks=deploy):
        if message.level >= checks.WARNING:
            yield f"{message.id}: {message.msg}"
