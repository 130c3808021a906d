"""Live streams and pages in one process, for `medskick run`; `live_only` serves the streams alone in production.

Django's own ASGI handler is not used: its middleware hops between threads cost about ten times the WSGI handler's CPU.
"""

import os
from urllib.parse import quote

from a2wsgi import WSGIMiddleware
from django.conf import settings
from psycopg.conninfo import make_conninfo

from medskick.project.live import Hub, LiveApp, Message, Receive, Send, answer
from medskick.project.live_answers import AnswerApp, AnswerDesk
from medskick.project.live_state import StateApp, StateDesk
from medskick.project.wsgi import application as pages

THREADS = int(os.environ.get("MEDSKICK_THREADS", "8"))


def database_address() -> str:
    """Where to listen: the same database, as the same role, as the pages use."""
    chosen = settings.DATABASES["default"]
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    found = {name: chosen[key] for name, key in names.items() if chosen[key]}
    return make_conninfo(**found, **chosen["OPTIONS"])


class ClientGone(ConnectionResetError):
    """The browser left in the middle of sending. An OSError, so that Django refuses the request as unreadable."""


class Site:
    """Sends /live/ to the streams, /live/svar and /live/lage to the phones' desks and the rest to Django.

    Starts and stops hub and desks with the server.
    """

    def __init__(self, *, with_pages: bool) -> None:
        self.pages = WSGIMiddleware(pages, workers=THREADS) if with_pages else None
        self.hub: Hub | None = None
        self.desk: AnswerDesk | None = None
        self.state: StateDesk | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
        elif scope["path"] == "/live/svar" and self.desk is not None:
            await AnswerApp(self.desk)(scope, receive, send)
        elif scope["path"] == "/live/lage" and self.state is not None:
            await StateApp(self.state)(scope, receive, send)
        elif scope["path"].startswith("/live/") and self.hub is not None:
            await LiveApp(self.hub)(scope, receive, send)
        elif self.pages is None:
            await answer(send, 404, "Här finns bara direktsändningar.")
        else:
            # The query may hold raw bytes that a2wsgi cannot decode; percent-encoded they reach Django, which can.
            scope["query_string"] = quote(scope["query_string"], safe="%/:?#[]@!$&'()*+,;=-._~").encode()
            await self.pages(scope, _whole_body(receive), send)

    def close_listeners(self) -> None:
        if self.hub is not None:
            self.hub.close_listeners()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        self.hub = Hub(database_address())
        self.hub.start()
        self.desk, self.state = AnswerDesk(), StateDesk()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.desk.close()
        await self.state.close()
        await self.hub.stop()
        await send({"type": "lifespan.shutdown.complete"})


def _whole_body(receive: Receive) -> Receive:
    """a2wsgi takes a browser that hangs up for the end of the body: half a form would be saved as if it were whole."""
    complete = False

    async def checked() -> Message:
        nonlocal complete
        message = await receive()
        if message["type"] == "http.disconnect" and not complete:
            raise ClientGone("the browser left while it was sending")
        if message["type"] == "http.request":
            complete = not message.get("more_body", False)
        return message

    return checked


application = Site(with_pages=True)
live_only = Site(with_pages=False)
