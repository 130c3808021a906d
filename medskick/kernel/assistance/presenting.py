"""What pages show of mandates, help and objections: words and rows, no rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.design.parts import Event, Row, Step
from medskick.kernel.assistance.coverage import named
from medskick.kernel.assistance.models import Assistance, AssistanceGround, HelpPlace, Mandate, Objection
from medskick.kernel.assistance.queries import Act, next_time
from medskick.kernel.organisations.places import place_of
from medskick.kernel.records.kinds import item_url, kinds
from medskick.kernel.records.models import Item
from medskick.kernel.typing import Text
from medskick.lib.dates import say_date, say_datetime

CHANNELS: dict[str, Text] = {
    "web": gettext_lazy("på webben"),
    "desk": gettext_lazy("vid disken"),
    "phone": gettext_lazy("i telefon"),
    "paper": gettext_lazy("på papper"),
    "api": gettext_lazy("från ett annat system"),
    "import": gettext_lazy("inläst från en fil"),
    "job": gettext_lazy("av systemet"),
}

# What the kernel itself logs; the engines' own verbs have their phrases on their kinds.
_PHRASES: dict[str, Text] = {
    "record.registered": gettext_lazy("fick det fört in i diariet"),
    "mine.read": gettext_lazy("läste Mina sidor"),
    "link.made": gettext_lazy("kopplade ihop det med något annat"),
    "task.done": gettext_lazy("gjorde klart en uppgift"),
    "mandate.given": gettext_lazy("förde in ett uppdrag"),
    "mandate.ended": gettext_lazy("avslutade ett uppdrag"),
}
# What the heading of the help says already.
_TOLD_ABOVE = ("assistance.",)
_READ = ".read"


def crumbs(url_name: str, above: str, here: str) -> list[tuple[str, str]]:
    """The way back: the page above, and this one."""
    return [(above, reverse(url_name)), (here, "")]


def phrase(verb: str) -> str:
    """A log verb in plain words."""
    if verb in _PHRASES:
        return str(_PHRASES[verb])
    found = next((kind.phrases[verb] for kind in kinds() if verb in kind.phrases), None)
    if found is not None:
        return str(found)
    label = next((kind.label for kind in kinds() if verb.startswith(f"{kind.key}.")), None)
    if verb.endswith(_READ):
        return _("läste: %(what)s") % {"what": label} if label else _("läste något om dig")
    return (
        _("gjorde något med: %(what)s") % {"what": label}
        if label
        else _("gjorde något annat (%(verb)s)") % {"verb": verb}
    )


@dataclass(frozen=True, slots=True)
class Given:
    """One time that somebody did something for the resident: who, where, when, what, and what may be said to it."""

    title: str
    meta: Sequence[str]
    events: Sequence[Event]
    reason: str = ""
    going_on: bool = False
    end_url: str = ""
    object_url: str = ""
    objection_url: str = ""


def help_given(
    times: Iterable[Assistance],
    acts: list[Act],
    items: Mapping[UUID, Item],
    names: "Names",
    objections: Iterable[Objection],
) -> list[Given]:
    """Everything that others did for the resident, the newest first: each time that she was helped, with its acts, and
    what was done by a mandate, act by act."""
    objected = {one.assistance_id or one.act: one for one in objections}
    shown: list[tuple[datetime, Given]] = []
    told: set[UUID] = set()
    for one in times:
        own = _acts_of(one, acts)
        told |= {act.id for act in own}
        shown.append((one.started_at or one.asked_at, _helped(one, own, items, objected.get(one.id))))
    for act in acts:
        if act.id not in told and not act.verb.startswith(_TOLD_ABOVE):
            shown.append((act.at, _by_another(act, names, objected.get(act.id))))
    shown.sort(key=lambda pair: pair[0], reverse=True)
    return [given for _at, given in shown]


def _acts_of(one: Assistance, acts: Iterable[Act]) -> list[Act]:
    """What the helper did while that help lasted, besides beginning and ending it."""
    begun, over = one.started_at or one.asked_at, one.over_at or timezone.now()
    return [
        act
        for act in acts
        if act.person == one.helper and begun <= act.at <= over and not act.verb.startswith(_TOLD_ABOVE)
    ]


def _helped(one: Assistance, acts: list[Act], items: Mapping[UUID, Item], objection: Objection | None) -> Given:
    assert one.started_at is not None
    over = one.over_at
    when = say_datetime(one.started_at) + (f"–{timezone.localtime(over):%H.%M}" if over else "")
    where = f"{one.place.name}, {one.owner.name}" if one.place else one.owner.name
    ground = str(AssistanceGround(one.ground).label)
    return Given(
        title=_("%(name)s hjälpte dig") % {"name": one.helper_name},
        meta=[when, where, f"{CHANNELS.get(one.channel, one.channel)}", ground, *([one.how] if over else [])],
        events=_events(acts, items),
        reason=one.reason,
        going_on=over is None,
        end_url="" if over else reverse("end_help_given", args=[one.id]),
        object_url="" if objection else reverse("object", args=[one.id]),
        objection_url=_objection_url(objection),
    )


def _by_another(act: Act, names: "Names", objection: Objection | None) -> Given:
    place = place_of(act.owner)
    return Given(
        title=_("%(name)s %(did)s") % {"name": names.of(act), "did": phrase(act.verb)},
        meta=[say_datetime(act.at), place.name if place else ""],
        events=[],
        object_url="" if objection else reverse("object", args=[act.id]),
        objection_url=_objection_url(objection),
    )


def _objection_url(objection: Objection | None) -> str:
    return reverse("my_objection", args=[objection.item_id]) if objection else ""


def _events(acts: list[Act], items: Mapping[UUID, Item]) -> list[Event]:
    """The acts in the order in which they were done; the same thing several times in a row is one."""
    events: list[Event] = []
    for act in reversed(acts):
        title, item = capfirst(phrase(act.verb)), items.get(act.item) if act.item else None
        if not events or events[-1].title != title:
            place = place_of(act.owner)
            url = item_url(item, staff=False) if item else ""
            who = place.short_name if place else ""
            # The thing is named the first time; the rest happened to the same.
            text = item.title if item and item.title not in {event.text for event in events} else ""
            events.append(Event(title=title, when=act.at, who=who, text=text, url=url if text else ""))
    return events


def about_help(one: Assistance, acts: list[Act]) -> str:
    """What the resident objects to, as she reads it now: kept with the objection, since the rest is not the staff's."""
    given = _helped(one, _acts_of(one, acts), {}, None)
    did = ". ".join(event.title for event in given.events) or _("Inget sparades")
    return f"{given.title}: {', '.join(given.meta)}. {did}."


def about_act(act: Act, names: "Names") -> str:
    given = _by_another(act, names, None)
    return f"{given.title}: {', '.join(one for one in given.meta if one)}."


def objection_steps(objection: Objection) -> list[Step]:
    """What has happened with an objection, what happens now, and when it ends."""
    owner, decision = objection.owner.name, getattr(objection, "decision", None)
    sent = Step(label=_("Skickat"), title=_("Vi har tagit emot din invändning"), when=objection.at, facts=[owner])
    if decision is not None:
        return [sent, Step(label=_("Svar"), title=_("Du har fått svar"), when=decision.at, facts=[decision.by_name])]
    looked_into = Step(
        label=_("Prövas"),
        title=_("En registrator tar reda på vad som hände"),
        text=_("Det är aldrig den som hjälpte dig. Du behöver inte göra något."),
        state="now",
    )
    answered = Step(
        label=_("Svar"),
        title=_("%(owner)s svarar dig") % {"owner": owner},
        text=_("senast %(day)s") % {"day": say_date(objection.due)},
        state="coming",
    )
    return [sent, looked_into, answered]


@dataclass(frozen=True, slots=True)
class Names:
    """Who is called what: her agents as she was told of them, and those who work in the municipalities."""

    agents: Mapping[UUID, str]
    staff: Mapping[UUID, str]

    def of(self, act: Act) -> str:
        if act.person is not None and act.person in self.agents:
            return _("%(name)s, ditt ombud,") % {"name": self.agents[act.person]}
        name = self.staff.get(act.person) if act.person else None
        place = place_of(act.owner)
        where = place.name if place else ""
        return _("%(name)s, %(place)s,") % {"name": name, "place": where} if name else _("Någon")


def validity(mandate: Mandate, today: date) -> tuple[str, str]:
    """(words, tone) of whether a mandate is good today; every page that shows one says so."""
    if mandate.ended_at is not None:
        return _("Avslutat"), "stop"
    if mandate.valid_from > today:
        return _("Gäller från %(day)s") % {"day": say_date(mandate.valid_from)}, "wait"
    if mandate.valid_until is not None and mandate.valid_until < today:
        return _("Har gått ut"), "stop"
    return _("Gäller"), "done"


def mandate_row(mandate: Mandate, today: date, *, whose: str, url: str = "") -> Row:
    """whose: "agent" for the principal's list, "principal" for the agent's, "both" for the staff's."""
    title = {
        "agent": mandate.agent_name,
        "principal": _("För %(name)s") % {"name": mandate.principal_name},
    }.get(whose) or _("%(agent)s för %(name)s") % {"agent": mandate.agent_name, "name": mandate.principal_name}
    words, tone = validity(mandate, today)
    covers = ", ".join(named(mandate.covers)) or _("allt")
    until = (
        _("till och med %(day)s") % {"day": say_date(mandate.valid_until)} if mandate.valid_until else _("tills vidare")
    )
    given = _("enligt %(ground)s") % {"ground": mandate.get_ground_display()}
    by = _("infört av %(name)s") % {"name": mandate.given_by_name} if mandate.given_by_name else ""
    meta = [str(mandate.get_kind_display()), covers, until, given, by]
    return Row(title=title, url=url, meta=[one for one in meta if one], status=words, tone=tone)


@dataclass(frozen=True, slots=True)
class PlaceShown:
    name: str
    address: str
    times: str
    hours: str
    next_time: str = ""
    open_until: str = ""


def place_shown(place: HelpPlace, now: datetime) -> PlaceShown:
    coming = next_time(place, now)
    shown = PlaceShown(place.name, place.address, times_of(place), place.hours)
    if coming is None:
        return shown
    if coming <= now:
        return replace(shown, open_until=_("Öppet nu, till %(time)s") % {"time": f"{place.closes:%H.%M}"})
    return replace(shown, next_time=_("Nästa gång: %(when)s") % {"when": say_datetime(coming)})


def times_of(place: HelpPlace) -> str:
    """ "måndag och torsdag 10.00–12.00"."""
    names = [_(day) for day in ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")]
    days = [names[day] for day in place.weekdays]
    said = days[0] if len(days) == 1 else _("%(days)s och %(last)s") % {"days": ", ".join(days[:-1]), "last": days[-1]}
    return f"{said} {place.opens:%H.%M}–{place.closes:%H.%M}"
