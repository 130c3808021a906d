from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from medskick.design.paging import page_of
from medskick.design.parts import Link
from medskick.kernel.people.audience import PUBLIC, STAFF, audience, staff_with
from medskick.kernel.records.offers import offers_for
from medskick.kernel.trace.presenting import record_facts
from medskick.lib.dates import say_date
from medskick.measure.indicators import presenting
from medskick.measure.indicators.access import EDITORS, may_edit, may_record
from medskick.measure.indicators.actions import Refused, create_indicator, record_value
from medskick.measure.indicators.forms import IndicatorForm, SearchForm, ValueForm
from medskick.measure.indicators.models import Indicator
from medskick.measure.indicators.queries import (
    About,
    abouts_of,
    find_indicator,
    known_on,
    listed,
    revised_days,
    revisions_of,
    series,
)

PAGE = 25


@audience(PUBLIC)
def indicators(request: HttpRequest) -> HttpResponse:
    """Så går det: all that is measured here, by theme, each with what it shows."""
    place, words = request.place, _words(request)
    owners = [place.id, place.region_id] if place else []
    found = Indicator.objects.of(*owners).public().matching(words).in_order().for_list()
    page = page_of(found, request.GET.get("sida"), PAGE)
    groups = presenting.groups_of(listed(page.items, place), lambda one: reverse("indicator", args=[one.key]))
    return render(request, "measure/indicators/list.html", {"page": page, "groups": groups, "words": words})


@audience(PUBLIC)
def indicator(request: HttpRequest, key: str) -> HttpResponse:
    """One indicator by its key: this place's own, else its region's."""
    found = find_indicator(key, owner=request.place.id) if request.place else None
    if found is None:
        raise Http404
    return render(request, "measure/indicators/page.html", _shown(request, found))


@audience(PUBLIC)
def indicator_by_id(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same page by its lasting address, at any place."""
    return render(request, "measure/indicators/page.html", _shown(request, _found(pk)))


@audience(PUBLIC)
def indicator_csv(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All its values as a file, as they are known now or were known on a day."""
    found = _found(pk)
    values = list(known_on(found.values.select_related("about_organisation"), _known_day(request)))
    answer = HttpResponse(presenting.csv_of(found, values), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.key}.csv"'
    return answer


@audience(STAFF)
def measure(request: HttpRequest) -> HttpResponse:
    """Mäta: the organisation's own indicators and the region's."""
    place, words = request.place, _words(request)
    owners = [request.actor.organisation, *([place.region_id] if place else [])]
    found = Indicator.objects.of(*owners).matching(words).in_order().for_list()
    page = page_of(found, request.GET.get("sida"), PAGE)
    groups = presenting.groups_of(listed(page.items, place), _work_url)
    context = {"page": page, "groups": groups, "words": words, "may_edit": may_edit(request.actor)}
    return render(request, "measure/indicators/work_list.html", context)


@audience(STAFF)
def measure_indicator(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One indicator at work: the same picture, with its record and what can be done."""
    found = _found(pk)
    context = _shown(request, found)
    context["crumbs"] = _crumbs(found.title)
    context["facts"] = record_facts(found.item, getattr(found.item, "record", None))
    context["offers"] = offers_for(request.actor, found.item)
    context["may_record"] = may_record(request.actor, found)
    return render(request, "measure/indicators/work_page.html", context)


@audience(staff_with(*EDITORS))
def new_indicator(request: HttpRequest) -> HttpResponse:
    """A new indicator of the organisation's own."""
    form = IndicatorForm(request.POST or None, initial={"source": request.actor.organisation_name})
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in form.cleaned_data if name != "submission_key"}
        try:
            made = create_indicator(by=request.actor, submission_key=UUID(form.submission_key), **given)
            return redirect("measure_indicator", pk=made.pk)
        except Refused as refusal:
            form.add_error("title", str(refusal))
    context = {"form": form, "title": _("Nytt nyckeltal"), "crumbs": _crumbs(_("Nytt nyckeltal"))}
    context["back"] = reverse("measure")
    return render(request, "measure/indicators/form.html", context, status=422 if form.is_bound else 200)


@audience(staff_with(*EDITORS))
def new_value(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter a value, or that it is missing and why."""
    found = _found(pk)
    if not may_record(request.actor, found):
        raise Http404
    form = ValueForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("period", "value", "missing", "note")}
        key = UUID(form.submission_key)
        try:
            record_value(by=request.actor, indicator=found, about=form.whom, submission_key=key, **given)
            return redirect("measure_indicator", pk=found.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "title": found.title, "lead": _("Skriv in ett värde"), "back": _work_url(found)}
    context["crumbs"] = _crumbs(_("Skriv in ett värde"), found)
    return render(request, "measure/indicators/form.html", context, status=422 if form.is_bound else 200)


@audience(STAFF)
def revisions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every value that replaced an earlier one: what it was, what it became, when and why."""
    found = _found(pk)
    table = presenting.revision_table(found, revisions_of(found))
    context = {"table": table, "title": _("Ändrade värden"), "lead": found.title}
    context["crumbs"] = _crumbs(_("Ändrade värden"), found)
    return render(request, "measure/indicators/revisions.html", context)


def _found(pk: UUID) -> Indicator:
    return get_object_or_404(Indicator.objects.select_related("item", "item__record"), pk=pk)


def _work_url(found: Indicator) -> str:
    return reverse("measure_indicator", args=[found.pk])


def _crumbs(here: str, found: Indicator | None = None) -> list[tuple[str, str]]:
    above = [(found.title, _work_url(found))] if found else []
    return [(_("Mäta"), reverse("measure")), *above, (here, "")]


def _shown(request: HttpRequest, found: Indicator) -> dict[str, object]:
    """What both pages of an indicator show: finding, chart, table, whom it is about, and on which day it was known."""
    abouts = abouts_of(found)
    about, known = _chosen_about(request, found, abouts), _known_day(request)
    values = series(found, about, known=known)
    finding = presenting.finding_of(found, values)
    elsewhere = about.organisation is None or (request.place is not None and about.organisation != request.place.id)
    headline = presenting.sentence(found, finding, name=about.shown if elsewhere else "", under_title=True)
    return {
        "indicator": found,
        "crumbs": [(_("Så går det"), reverse("progress")), (found.title, "")],
        "abouts": abouts if len(abouts) > 1 else [],
        "about": about,
        "days": _day_links(revised_days(found, about), about, known),
        "known": known,
        "headline": headline,
        "course": presenting.course(found, finding),
        "chart": presenting.chart_of(found, values, about, headline),
        "table": presenting.table_of(found, values) if values else None,
        "attribution": presenting.attribution(found),
    }


def _chosen_about(request: HttpRequest, found: Indicator, abouts: list[About]) -> About:
    """The one asked for, else the place itself, else the first that there are values about."""
    asked = request.GET.get("for", "")
    chosen = [one for one in abouts if asked and one.token == asked]
    chosen += [one for one in abouts if request.place is not None and one.organisation == request.place.id]
    return next(iter([*chosen, *abouts]), About(organisation=found.owner_id))


def _day_links(days: list[date], about: About, known: date | None) -> list[Link]:
    """The choice of what was known when; empty where nothing was revised."""
    if not days:
        return []
    links = [Link(_("Som det är känt nu"), f"?for={about.token}", current=known is None)]
    for day in days[1:] if len(days) > 1 else days:
        label = _("Som det var känt %(day)s") % {"day": say_date(day, weekday=False)}
        links.append(Link(label, f"?for={about.token}&kant={day.isoformat()}", current=known == day))
    return links


def _known_day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("kant", ""))
    except ValueError:
        return None


def _words(request: HttpRequest) -> str:
    form = SearchForm(request.GET)
    return str(form.cleaned_data["sok"]) if form.is_valid() else ""
