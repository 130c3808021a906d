"""Who is signed in on this browser, and asking a stranger to log in without losing what she typed."""

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from medskick.kernel.organisations.actor import Assurance
from medskick.kernel.organisations.scope import reader_token, widen_scope
from medskick.kernel.people.models import KeptForm

KEPT_FOR = timedelta(hours=1)
KEPT_LARGEST = 200_000
_KEY = "who"


@dataclass(frozen=True, slots=True)
class SignedIn:
    person: UUID
    employment: UUID | None
    assurance: Assurance


def signed_in(request: HttpRequest) -> SignedIn | None:
    """Who the session belongs to. A browser without a session cookie costs no query."""
    kept = request.session.get(_KEY)
    if not kept:
        return None
    return SignedIn(
        UUID(kept["person"]),
        UUID(kept["employment"]) if kept.get("employment") else None,
        kept.get("assurance", "none"),
    )


def remember(request: HttpRequest, *, person: UUID, employment: UUID | None, assurance: Assurance) -> None:
    """Sign the person in on this browser, under a new session key."""
    request.session.cycle_key()
    request.session[_KEY] = {
        "person": str(person),
        "employment": str(employment) if employment else "",
        "assurance": assurance,
    }


def forget(request: HttpRequest) -> None:
    request.session.flush()


def safe_next(request: HttpRequest, url: str) -> str:
    """`url` where it leads to our own site, else the start page."""
    if url and url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return url
    return reverse("start")


def ask_to_log_in(request: HttpRequest, *, staff: bool) -> HttpResponse:
    """Send a stranger to the log-in page and back; what was posted is kept, encrypted, for an hour."""
    back = request.get_full_path()
    if request.method == "POST":
        kept = _keep_form(request)
        # Without the field that names the form nothing is lost: it was a button.
        if kept:
            back = reverse("kept_form", args=[kept])
    query = urlencode({"next": back, **({"staff": "1"} if staff else {})})
    return HttpResponseRedirect(f"{reverse('login')}?{query}")


def _keep_form(request: HttpRequest) -> str:
    fields = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    content = json.dumps({"path": request.get_full_path(), "fields": fields})
    if len(content) > KEPT_LARGEST or request.place is None:
        return ""
    secret = secrets.token_urlsafe(24)
    KeptForm(holder=reader_token(secret), content=content).save(force_insert=True)
    return secret


def kept_form(secret: str) -> tuple[str, dict[str, list[str]]] | None:
    """The path and fields kept under this secret, or None where there are none or the hour is over."""
    token = reader_token(secret)
    widen_scope([token])
    kept = KeptForm.objects.filter(holder=token, kept_at__gt=timezone.now() - KEPT_FOR).first()
    if kept is None:
        return None
    content = json.loads(kept.content)
    return content["path"], content["fields"]
