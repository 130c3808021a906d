"""The fixed bare Django page that ours is held against: session, one query of 50 rows, a plain loop, nothing else.

Its middleware is what Django's own new project has, and gzip as ours has. It runs on the same server, the same database
with the same connection settings and the same role, and reads a table of 10,000 rows without row policies.
"""

import os
from typing import Any

from django.conf import settings

ROWS = 50
TABLE = "bench_bare"
PAGE = """<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Rader</title></head><body>
<p>{{ request.session.who.person }}</p><ul>{% for row in rows %}<li><a href="/{{ row.id }}">{{ row.title }}</a>
<p>{{ row.text }}</p><time>{{ row.created }}</time></li>{% endfor %}</ul></body></html>"""
FILL = f"""
create table if not exists {TABLE} (id integer primary key, title text not null, text text not null,
    created timestamptz not null);
insert into {TABLE} select n, 'Rad nummer ' || n, 'En mening om rad ' || n || ', så lång som en mening brukar vara.',
    timestamptz '2026-01-01' + n * interval '1 minute' from generate_series(1, 10000) n on conflict do nothing;
grant select on {TABLE} to medskick_app;
"""


def configure() -> None:
    from medskick.project.settings import _database

    settings.configure(
        SECRET_KEY=os.environ.get("MEDSKICK_SECRET_KEY", "bench"),
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": _database(os.environ["DATABASE_URL"])},
        INSTALLED_APPS=["django.contrib.sessions"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.gzip.GZipMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        ROOT_URLCONF="medskick.bench.parts.bare_urls",
        SESSION_COOKIE_NAME="medskick",
        USE_TZ=True,
        TIME_ZONE="Europe/Stockholm",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "context_processors": ["django.template.context_processors.request"],
                    "loaders": [
                        (
                            "django.template.loaders.cached.Loader",
                            [("django.template.loaders.locmem.Loader", {"page": PAGE})],
                        )
                    ],
                },
            }
        ],
    )


def make_application() -> Any:
    from django.core.wsgi import get_wsgi_application

    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    configure()
    return get_wsgi_application()


if os.environ.get("MEDSKICK_BENCH_BARE") == "1":
    application = make_application()
