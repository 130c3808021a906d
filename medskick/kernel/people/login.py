"""Who is signed in on this browser, and asking a stranger to log in without losing what she typed."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from medskick.kernel.organisations.actor import Assurance
from medskick.kernel.organisations.scope import reader_token, widen_scope
from medskick.kernel.people.models import KeptForm

KEPT_FOR = timedelta(hours=1)
KEPT_LARGEST = 200_000
_KEY = "who"

# Told before the one who sits here leaves or becomes somebody else: the rooms above end what must end with that.
leaving: list[Callable[[HttpRequest], None]] = []


@dataclass(frozen=True, slots=True)
class SignedIn:
    person: UUID
    employment: UUID | None
    assurance: Assurance
    sign_in: UUID
    mandate: UUID | None = None
    assistance: UUID | None = None


def signed_in(request: HttpRequest) -> SignedIn | None:
    """Who the session belongs to. A browser without a session cookie costs no query."""
    kept = request.session.get(_KEY)
    if not kept or not kept.get("sign_in"):
        return None
    return SignedIn(
        UUID(kept["person"]),
        UUID(kept["employment"]) if kept.get("employment") else None,
        kept.get("assurance", "none"),
        UUID(kept["sign_in"]),
        UUID(kept["mandate"]) if kept.get("mandate") else None,
        UUID(kept["assistance"]) if kept.get("assistance") else None,
    )


def remember(
    request: HttpRequest,
    *,
    person: UUID,
    employment: UUID | None,
    assurance: Assurance,
    sign_in: UUID,
    mandate: UUID | None = None,
) -> None:
    """Sign the person in on this browser, as herself, in an employment or by a mandate, under a new session key."""
    _tell_of_leaving(request)
    _renew(request)
    request.session[_KEY] = {
        "person": str(person),
        "employment": str(employment) if employment else "",
        "assurance": assurance,
        "sign_in": str(sign_in),
        "mandate": str(mandate) if mandate else "",
    }


def begin_to_help(request: HttpRequest, assistance: UUID) -> None:
    """From now on the one who is signed in acts by this assistance, until it is over."""
    _renew(request)
    request.session[_KEY] = request.session[_KEY] | {"assistance": str(assistance)}


def be_oneself(request: HttpRequest) -> None:
    """What she acted for another by is over: back to her own employment, or herself."""
    _renew(request)
    request.session[_KEY] = request.session[_KEY] | {"assistance": "", "mandate": ""}


def forget(request: HttpRequest) -> None:
    _tell_of_leaving(request)
    request.session.flush()


def _renew(request: HttpRequest) -> None:
    """A new session key; and what was filled in as somebody else in another window is not sent as who she is now, for
    its protection token no longer fits."""
    request.session.cycle_key()
    rotate_token(request)


def _tell_of_leaving(request: HttpRequest) -> None:
    if hasattr(request, "actor"):
        for listener in leaving:
            listener(request)


def safe_next(request: HttpRequest, url: str) -> str:
    """`url` where it leads to our own site, else the start page."""
    if url and url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return url
    return reverse("start")


def ask_to_log_in(request: HttpRequest, *, staff: bool) -> HttpResponse:
    """Send a stranger to the log-in page and back; what was posted is kept, encrypted, for an hour."""
    query = urlencode({"next": _way_back(request), **({"staff": "1"} if staff else {})})
    return HttpResponseRedirect(f"{reverse('login')}?{query}")


def ask_to_step_up(request: HttpRequest, level: Assurance) -> HttpResponse:
    """Send somebody who must identify herself more surely to do so and back; what was posted is kept for her alone."""
    query = urlencode({"niva": level, "next": _way_back(request)})
    return HttpResponseRedirect(f"{reverse('step_up')}?{query}")


def _way_back(request: HttpRequest) -> str:
    if request.method == "POST":
        kept = _keep_form(request)
        # Without the field that names the form nothing is lost: it was a button.
        if kept:
            return reverse("kept_form", args=[kept])
    return request.get_full_path()


def _keep_form(request: HttpRequest) -> str:
    fields = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    whose = str(request.actor.person) if request.actor.person else ""
    content = json.dumps({"path": request.get_full_path(), "fields": fields, "whose": whose})
    return keep(content) if len(content) <= KEPT_LARGEST and request.place is not None else ""


def keep(content: str) -> str:
    """Keep something typed or sent, encrypted, for an hour. Returns the secret that it is found by."""
    secret = secrets.token_urlsafe(24)
    KeptForm(holder=reader_token(secret), content=content).save(force_insert=True)
    return secret


def kept(secret: str) -> str | None:
    """What is kept under this secret, or None where there is nothing or the hour is over."""
    token = reader_token(secret)
    widen_scope([token])
    found = KeptForm.objects.filter(holder=token, kept_at__gt=timezone.now() - KEPT_FOR).first()
    return found.content if found else None


def kept_form(secret: str, person: UUID | None) -> tuple[str, dict[str, list[str]]] | None:
    """The path and fields kept under this secret, or None; what a signed-in person had typed is for herself only."""
    content = kept(secret)
    if content is None:
        return None
    form = json.loads(content)
    if "path" not in form or form.get("whose", "") not in ("", str(person)):
        return None
    return form["path"], form["fields"]
