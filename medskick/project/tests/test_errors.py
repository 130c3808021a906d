"""When something goes wrong people read plain words, and what they typed is still there."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection, connections
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings

from medskick.project import errors
from medskick.project.middleware import DatabaseDownMiddleware

WORDS = "Mormor kan inte boka färdtjänst <i>i appen</i>"


def _posted(**more: str) -> HttpRequest:
    return RequestFactory().post("/tyck-till/forslag/nytt?steg=2", {"text": WORDS, "area": "7", **more})


def _caused(kind: type[Exception], cause: Exception | None) -> Exception:
    problem = kind("no")
    problem.__cause__ = cause
    return problem


@pytest.mark.parametrize(
    ("problem", "down"),
    [
        (_caused(OperationalError, psycopg.OperationalError("connection refused")), True),
        (_caused(InterfaceError, psycopg.InterfaceError("the connection is closed")), True),
        (_caused(OperationalError, psycopg.errors.AdminShutdown()), True),
        (_caused(OperationalError, psycopg.errors.TooManyConnections()), True),
        (_caused(OperationalError, psycopg.errors.QueryCanceled()), False),
        (_caused(OperationalError, psycopg.errors.DeadlockDetected()), False),
        (_caused(DatabaseError, psycopg.errors.UndefinedTable()), False),
        (ValueError("a mistake of ours"), False),
        (None, False),
    ],
)
def test_only_a_database_that_cannot_be_reached_is_called_down(problem: Exception | None, down: bool) -> None:
    assert errors.is_database_down(problem) is down


def test_the_maintenance_page_says_that_nothing_was_saved_and_gives_the_words_back() -> None:
    response = errors.maintenance(_posted(csrfmiddlewaretoken="t" * 64))
    page = response.content.decode()
    assert response.status_code == 503
    assert (response["Retry-After"], response["Cache-Control"]) == ("30", "no-store")
    assert "Det du skickade nu är inte sparat." in page
    assert "färdtjänst &lt;i&gt;i appen&lt;/i&gt;</textarea>" in page
    assert '<form method="post" action="/tyck-till/forslag/nytt?steg=2">' in page
    assert '<input type="hidden" name="area" value="7">' in page
    assert page.count("csrfmiddlewaretoken") == 1


def test_the_maintenance_page_of_a_page_that_was_only_read_has_no_form() -> None:
    page = errors.maintenance(RequestFactory().get("/")).content.decode()
    assert "<form" not in page
    assert "Det du redan har skickat in är sparat." in page


def test_a_view_that_loses_the_database_answers_maintenance_and_other_errors_pass() -> None:
    middleware = DatabaseDownMiddleware(lambda request: None)  # type: ignore[arg-type,return-value]
    gone = _caused(OperationalError, psycopg.OperationalError("server closed the connection unexpectedly"))
    answer = middleware.process_exception(_posted(), gone)
    assert answer is not None
    assert answer.status_code == 503
    assert middleware.process_exception(_posted(), ValueError()) is None


@pytest.fixture
def database_gone() -> Iterator[None]:
    """Both roles' addresses lead nowhere for a while, as when the server is down."""
    kept = {one.alias: one.settings_dict["HOST"] for one in connections.all()}
    for one in connections.all():
        one.close()
        one.settings_dict["HOST"] = "/nowhere"
    yield
    for one in connections.all():
        one.settings_dict["HOST"] = kept[one.alias]


@pytest.mark.django_db(transaction=True)
def test_with_the_database_down_every_page_answers_503_in_plain_words(client: Client, database_gone: None) -> None:
    client.raise_request_exception = False
    for path in ("/", "/sok?q=bygglov", "/mina", "/arbete"):
        response = client.get(path)
        assert (path, response.status_code) == (path, 503)
        assert "Vi är strax tillbaka" in response.content.decode()
    response = client.post("/sprak", {"text": WORDS})
    assert response.status_code == 503
    assert "inte sparat" in response.content.decode()


@pytest.mark.django_db
def test_a_stale_form_is_given_back_with_a_button_that_works() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/sprak", {"text": WORDS, "csrfmiddlewaretoken": "x" * 64})
    page = response.content.decode()
    assert response.status_code == 403
    assert "Sidan hade blivit för gammal" in page
    assert "färdtjänst &lt;i&gt;" in page
    assert ">Skicka igen</button>" in page
    assert "x" * 64 not in page


@pytest.mark.django_db
def test_a_form_from_another_site_gets_no_button() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/sprak", {"text": WORDS}, headers={"origin": "https://evil.example"})
    page = response.content.decode()
    assert response.status_code == 403
    assert "färdtjänst" in page
    assert "Skicka igen" not in page


@pytest.mark.django_db
def test_too_many_requests_says_how_long_to_wait(rf: RequestFactory) -> None:
    response = errors.too_many_requests(_posted(), seconds=60)
    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert "färdtjänst" in response.content.decode()


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.django_db
def test_a_mistake_of_ours_is_a_500_page_with_the_words_kept() -> None:
    client = Client(raise_request_exception=False)
    response = client.post("/falls", {"text": WORDS})
    assert response.status_code == 500
    assert "Det blev fel hos oss" in response.content.decode()
    assert "färdtjänst" in response.content.decode()


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
def test_even_without_a_template_the_words_are_plain_and_kept(status: int) -> None:
    response = errors._bare(status, [errors.Typed("text", WORDS)])
    assert response.status_code == status
    assert "färdtjänst &lt;i&gt;i appen&lt;/i&gt;" in response.content.decode()


def _falls(request: HttpRequest) -> None:
    raise RuntimeError("a mistake")


def _urls() -> list[object]:
    from django.urls import path

    from medskick.project.urls import urlpatterns

    return [path("falls", _falls), *urlpatterns]


urlpatterns = _urls()
handler500 = errors.server_error
assert connection
