"""Where I am signed in: on which browsers, and ending it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from medskick.kernel.people import login
from medskick.kernel.people.actions import end_sign_in, end_sign_ins
from medskick.kernel.people.audience import RESIDENT, audience
from medskick.kernel.people.models import SignIn
from medskick.kernel.people.queries import open_sign_ins


@audience(RESIDENT)
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in now, this browser first."""
    who = login.signed_in(request)
    here = who.sign_in if who else None
    rows = sorted(open_sign_ins(request.actor.person)[:50], key=lambda one: one.id != here)
    return render(request, "kernel/people/sign_ins.html", {"rows": rows, "here": here})


@audience(RESIDENT)
@require_POST
def sign_in_ended(request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
    """End one of my sign-ins. Where it is this one, I am logged out."""
    sign_in = get_object_or_404(SignIn, id=sign_in_id, person_id=request.actor.person)
    end_sign_in(sign_in, by=request.actor)
    who = login.signed_in(request)
    if who is not None and who.sign_in == sign_in.id:
        login.forget(request)
        return redirect("start")
    messages.success(request, _("Inloggningen är avslutad."))
    return redirect("sign_ins")


@audience(RESIDENT)
@require_POST
def sign_ins_ended(request: HttpRequest) -> HttpResponse:
    """Log me out everywhere, here too."""
    end_sign_ins(by=request.actor)
    login.forget(request)
    messages.success(request, _("Du är utloggad överallt."))
    return redirect("start")
