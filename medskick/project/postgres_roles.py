"""The SQL that makes roles, database and extensions, the same on our own server and on a hosted one.

The owner role migrates. The app role serves pages and jobs under row-level security. The search role cannot log in:
it owns the one function that reads the search table across the row policies (kernel.md L), which is why the owner may
hand functions over to it. The backup role reads every row and writes none: row policies of its own let it, so that it need
not stand above them, which a hosted server seldom allows. Backups and exports of a whole organisation are made as it.
"""

OWNER, APP, SEARCH, BACKUP = "medskick_owner", "medskick_app", "medskick_search", "medskick_backup"
EXTENSIONS = ("pg_trgm", "btree_gist", "unaccent")


def _role(name: str, ability: str) -> str:
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') "
        f"THEN CREATE ROLE {name} {ability} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE; END IF; END $$"
    )


def roles_sql() -> list[str]:
    """Statements for the whole server, safe to run again."""
    return [
        _role(OWNER, "LOGIN"),
        _role(APP, "LOGIN"),
        _role(SEARCH, "NOLOGIN"),
        _role(BACKUP, "LOGIN"),
        f"GRANT {SEARCH} TO {OWNER} WITH ADMIN TRUE, SET TRUE, INHERIT FALSE",
    ]


def create_database_sql(database: str) -> str:
    return (
        f"CREATE DATABASE {database} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8' "
        "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
    )


def access_sql(database: str) -> list[str]:
    """Who may connect. Stored with the database's name, so a copy made from a template needs it again."""
    return [
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {OWNER}",
        f"GRANT CONNECT ON DATABASE {database} TO {APP}",
        f"GRANT CONNECT ON DATABASE {database} TO {BACKUP}",
    ]


def contents_sql() -> list[str]:
    """Statements for inside the database, safe to run again."""
    return [
        *(f"CREATE EXTENSION IF NOT EXISTS {name}" for name in EXTENSIONS),
        f"ALTER SCHEMA public OWNER TO {OWNER}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {APP}",
        f"GRANT USAGE ON SCHEMA public TO {BACKUP}",
        f"GRANT USAGE, CREATE ON SCHEMA public TO {SEARCH}",
        # What the owner makes, the app may use; row policies and single revokes narrow it (row_policies.apply).
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public "
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT SELECT ON TABLES TO {BACKUP}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT SELECT ON SEQUENCES TO {BACKUP}",
    ]


def script_for_hosted_server(database: str = "medskick") -> str:
    """A psql script for whoever runs a PostgreSQL (17 or later) of your own."""
    lines = [
        "-- Run once with psql, connected as the administrator of a PostgreSQL 17 or later. Safe to run again,",
        "-- except CREATE DATABASE, which then says that the database exists. Choose three passwords first.",
        *roles_sql(),
        f"ALTER ROLE {OWNER} PASSWORD 'choose-a-long-password'",
        f"ALTER ROLE {APP} PASSWORD 'choose-another-long-password'",
        f"ALTER ROLE {BACKUP} PASSWORD 'choose-a-third-long-password'",
        "-- A hosted administrator is no superuser and must be a member of the owner to hand things to it:",
        f"GRANT {OWNER} TO CURRENT_USER",
        create_database_sql(database),
        *access_sql(database),
        f"\\connect {database}",
        *contents_sql(),
    ]
    body = "\n".join(line if line.startswith(("--", "\\")) else f"{line};" for line in lines)
    return (
        f"{body}\n"
        "-- Then give Medskick these three addresses:\n"
        f"--   DATABASE_URL=postgresql://{APP}:...@host:5432/{database}\n"
        f"--   DATABASE_OWNER_URL=postgresql://{OWNER}:...@host:5432/{database}\n"
        f"--   DATABASE_BACKUP_URL=postgresql://{BACKUP}:...@host:5432/{database}\n"
    )
