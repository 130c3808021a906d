"""medskick database roles | where | shell."""

import argparse
import os
import shutil
import subprocess

HELP = "Print the SQL that prepares a server of your own, or look into the database."
DATABASE = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="roles | where | shell")
    roles = what.add_parser("roles", help="print the SQL that makes roles, database and extensions on a hosted server")
    roles.add_argument("--database", default="medskick", help="the database's name (default: medskick)")
    what.add_parser("where", help="print where the database is and which PostgreSQL it runs")
    shell = what.add_parser("shell", help="open psql, as the app role under row-level security")
    shell.add_argument("--owner", action="store_true", help="as the owner role instead")


def run(options: argparse.Namespace) -> int:
    from medskick.project.postgres_roles import script_for_hosted_server

    if options.what == "roles":
        print(script_for_hosted_server(options.database), end="")
        return 0
    return _where() if options.what == "where" else _shell(owner=options.owner)


def _where() -> int:
    import psycopg

    from medskick.project import postgres

    with postgres.running() as server:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            (version,) = connection.execute("SHOW server_version").fetchone() or ("unknown",)
        print(f"PostgreSQL {version}, {'a server of your own' if server is None else server.data}")
        if server is not None:
            print(f"Programs: {server.binaries}\nLog: {server.log}")
            print(f"DATABASE_URL={os.environ['DATABASE_URL']}\nDATABASE_OWNER_URL={os.environ['DATABASE_OWNER_URL']}")
    return 0


def _shell(*, owner: bool) -> int:
    from medskick.project import postgres
    from medskick.project.commands import CommandProblem

    with postgres.running() as server:
        beside = str(server.binaries) if server else None
        psql = shutil.which("psql", path=beside) or shutil.which("psql")
        if psql is None:
            raise CommandProblem("There is no psql here. Install PostgreSQL's client programs.")
        address = os.environ["DATABASE_OWNER_URL" if owner else "DATABASE_URL"]
        return subprocess.run([psql, address]).returncode  # noqa: S603 - a program found on this machine
