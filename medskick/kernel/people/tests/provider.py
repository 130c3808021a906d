"""A log-in provider for tests: a real one over HTTP on loopback, that can be told to lie."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import oidc_provider_mock
import requests
from django.test import Client
from django.urls import reverse
from werkzeug.serving import make_server

from medskick.kernel.organisations.actor import system
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.scope import scope
from medskick.kernel.people import oidc
from medskick.kernel.people.models import Provider

TOKEN_PATH, USERINFO_PATH = "/oauth2/token", "/userinfo"
Lie = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass
class LogInProvider:
    """`lies`: what is done to the JSON that the provider answers at a path."""

    address: str
    row: Provider
    lies: dict[str, Lie] = field(default_factory=dict)

    def knows(self, subject: str, *, name: str = "", **claims: object) -> None:
        """The name comes by the Swedish scope, which this provider does not know: it is added to its answer."""
        self.lies[USERINFO_PATH] = lambda told: {**told, "name": name} if told["sub"] == subject else told
        answer = requests.put(f"{self.address}/users/{subject}", json=claims, timeout=5)
        answer.raise_for_status()

    def begin(self, browser: Client, **query: str) -> str:
        """The browser goes to the provider; returns the address that it is sent to."""
        sent = browser.get(reverse("start_provider", args=[self.row.slug]), query)
        assert sent.status_code == 302, sent.content.decode()
        return str(sent["Location"])

    def vouch(self, address: str, subject: str, *, action: str = "") -> str:
        """The person identifies herself at the provider; returns the address that her browser is sent back to."""
        answer = requests.post(address, data={"sub": subject, "action": action}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["Location"])
        return urlunsplit(("", "", back.path, back.query, ""))

    def log_in(self, browser: Client, subject: str, **query: str) -> Any:
        return browser.get(self.vouch(self.begin(browser, **query), subject))


def with_parameter(address: str, **changed: str) -> str:
    parts = urlsplit(address)
    query = {**dict(parse_qsl(parts.query)), **changed}
    return urlunsplit(parts._replace(query=urlencode(query)))


def save_provider(row: Provider) -> None:
    """Save the provider as the region may."""
    region = Organisation.objects.get(kind=Organisation.REGION)
    with scope(system(region.id).scope()):
        row.save()


@contextmanager
def running_provider(
    slug: str = "freja", *, tokens_last: timedelta = timedelta(hours=1), **more: Any
) -> Iterator[LogInProvider]:
    lies: dict[str, Lie] = {}
    server = make_server(
        "localhost", 0, _lying(oidc_provider_mock.app(access_token_max_age=tokens_last), lies), threaded=True
    )
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    oidc._metadata.cache_clear()
    address = f"http://localhost:{server.server_port}"
    row = Provider(slug=slug, label=slug.title(), issuer=address, client_id=f"medskick-{slug}", **more)
    save_provider(row)
    try:
        yield LogInProvider(address, row, lies)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
        oidc._metadata.cache_clear()


def _lying(app: Any, lies: dict[str, Lie]) -> Any:
    def wrapped(environ: dict[str, Any], start_response: Any) -> Any:
        lie = lies.get(environ["PATH_INFO"])
        if lie is None:
            return app(environ, start_response)
        stated: list[Any] = []
        body = b"".join(app(environ, lambda *told: stated.extend(told)))
        changed = json.dumps(lie(json.loads(body))).encode()
        headers = [(name, value) for name, value in stated[1] if name.lower() != "content-length"]
        start_response(stated[0], [*headers, ("Content-Length", str(len(changed)))])
        return [changed]

    return wrapped
