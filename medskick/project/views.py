"""Pages that put the engines' parts together: start, Min dag, Mina sidor, and what every site must say of itself."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from medskick.design.parts import Todo
from medskick.kernel.log.actions import log
from medskick.kernel.menu import administration_for, panels_for, panels_for_all
from medskick.kernel.notifications.queries import for_actor, led_here
from medskick.kernel.organisations.places import all_places, at_place
from medskick.kernel.people.audience import PUBLIC, RESIDENT, STAFF, audience, staff_with
from medskick.kernel.people.login import safe_next
from medskick.kernel.people.roles import ADMINISTRATOR, AUDITOR, CASE_OFFICER, REGISTRAR
from medskick.kernel.tasks.models import Task
from medskick.kernel.tasks.queries import answer_debt_told
from medskick.project.sentences import debt_sentence, doors, greeting, waiting_sentence

LANGUAGE_COOKIE_SECONDS = 365 * 24 * 60 * 60


@audience(PUBLIC)
def start(request: HttpRequest) -> HttpResponse:
    """The resident's start page: of one municipality, or of the region with all of them to choose from."""
    place = request.place
    context = {
        "doors": doors(),
        "panels": panels_for_all("start", request),
        "debt_sentence": debt_sentence(answer_debt_told(place.id, timezone.localdate())) if place else "",
        "municipalities": [one for one in all_places() if not one.is_region]
        if place is None or place.is_region
        else [],
    }
    return render(request, "project/start.html", context)


@audience(STAFF)
def my_day(request: HttpRequest) -> HttpResponse:
    """What waits for me today, what moved, what comes."""
    actor, today = request.actor, timezone.localdate()
    waiting = Task.objects.for_day(person=actor.person, units=actor.units)
    tasks = list((waiting if actor.has(CASE_OFFICER, REGISTRAR) else waiting.without_owed_answers())[:50])
    todos = [
        Todo(
            title=one.what,
            text=one.item.title,
            url=at_place(one.url, request.place),
            verb=one.verb,
            due=one.due,
            late=one.due < today,
        )
        for one in tasks
    ]
    context = {
        "greeting": greeting(actor.name, timezone.localtime().hour),
        "lead": waiting_sentence(len(todos)),
        "todos": todos,
        # What she has not seen yet; how many there are was told with who she is.
        "moved": led_here(for_actor(actor).unread()[:8], request.place) if request.unread else [],
        "panels": panels_for("my_day", request),
    }
    return render(request, "project/my_day.html", context)


@audience(staff_with(ADMINISTRATOR, REGISTRAR, AUDITOR))
def administration(request: HttpRequest) -> HttpResponse:
    """What is looked after here, for those who look after it."""
    return render(request, "project/administration.html", {"links": administration_for(request.actor)})


@audience(RESIDENT)
def my_pages(request: HttpRequest) -> HttpResponse:
    """What is mine: my voices with their traces, my cases, my messages."""
    if request.actor.acting_for and request.place:
        # Read for somebody else: she sees under Hjälp du har fått that it was done.
        log("mine.read", by=request.actor, references=[request.actor.acting_for])
    context = {
        "panels": panels_for("mine", request),
        "account": panels_for("account", request),
        "messages_to_me": led_here(for_actor(request.actor)[:5], request.place),
    }
    return render(request, "project/my_pages.html", context)


@audience(PUBLIC)
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language of the interface on this browser."""
    chosen = request.POST.get("language", "")
    answer = HttpResponseRedirect(safe_next(request, request.POST.get("next", "")))
    if check_for_language(chosen) and chosen in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=LANGUAGE_COOKIE_SECONDS,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
    return answer


@audience(PUBLIC)
def health(request: HttpRequest) -> HttpResponse:
    """For the operator's watch: 200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
