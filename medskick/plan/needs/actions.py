"""The verbs of needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.organisations.models import Network
from medskick.kernel.records.actions import change_item, create_item, link, publish
from medskick.kernel.records.models import Item, Level, Relation
from medskick.lib.csv_rows import Problem
from medskick.lib.text import clean_text
from medskick.plan.decided import decided_by, replace_standing
from medskick.plan.moments import moment_of
from medskick.plan.needs.access import DECIDERS, IMPORTERS, SORTERS
from medskick.plan.needs.goal_areas import area_of_heading, goal_areas
from medskick.plan.needs.importing import Meeting, ParsedNeed, ParsedNeeds, fingerprint, say_result
from medskick.plan.needs.models import KIND, GoalAreaChoice, Need, NeedDecision
from medskick.plan.needs.queries import networks_by_name


class NotAllowedNow(ValueError):
    """The state that stands does not allow this; the message says so in plain Swedish."""


def record_need(
    *,
    by: Actor,
    text: str,
    channel: str,
    said_on: date | None = None,
    heading: str = "",
    section: str = "",
    need_kind: str = Need.NEED,
    network: Network | None = None,
    sources: Iterable[Item] = (),
    level: str | None = None,
    readers: Iterable[UUID] = (),
    reason: str = "",
    submission_key: UUID | None = None,
) -> Need:
    """Write down a need, in the words in which it was said, and link it to what it came from.

    Errors: ValueError for an empty or too long text, or a day that has not been.
    """
    require_staff(by)
    standing = _submitted(by, submission_key)
    if standing is not None:
        return standing
    words = clean_text(text, max_length=5000).strip()
    day = said_on or timezone.localdate()
    if not words:
        raise ValueError("Behovet har ingen text.")
    if day > timezone.localdate():
        raise ValueError("Ett behov är sagt i dag eller tidigare, inte i framtiden.")
    item = create_item(
        by=by,
        kind=KIND,
        title=words,
        summary=heading,
        level=level or _level_for(by, network),
        readers=[*readers, *([network.id] if network and network.holder_id == by.organisation else [])],
        unit=by.unit,
        occurred_at=moment_of(day),
        search_text=f"{words} {heading}",
    )
    need = Need(
        item=item,
        owner_id=item.owner_id,
        text=words,
        heading=heading[:200],
        section=section[:40],
        need_kind=need_kind,
        network=network,
        channel=channel,
        said_on=day,
        fingerprint=fingerprint(network.id if network else "", day, words),
        submission_key=submission_key,
    )
    need.save(force_insert=True)
    for source in sources:
        link(by=by, from_item=source, to_item=item, relation=Relation.GAVE_RISE_TO, reason=reason)
    return need


def choose_goal_area(
    *, by: Actor, need: Need, area: str, basis: str = GoalAreaChoice.PERSON, at: datetime | None = None
) -> GoalAreaChoice:
    """Decide which goal area a need belongs to. Choosing another lets the earlier choice stand in the history."""
    require_staff(by, *SORTERS)
    require_same_organisation(by, need.owner_id)
    if area not in goal_areas():
        raise ValueError("Det målområdet finns inte. Välj ett i listan.")
    choices = GoalAreaChoice.objects.filter(need=need)
    standing = choices.filter(replaced_at__isnull=True).first()
    if standing is not None and standing.area == area:
        return standing
    replace_standing(choices)
    made = _choose(by, need, area, basis, at)
    log("need.area_chosen", by=by, item=need.pk, fields=["area"])
    return made


def accept_need(*, by: Actor, need: Need, at: datetime | None = None) -> NeedDecision:
    """Take the need on: it is to be weighed when initiatives are chosen."""
    made = _decide(by, need, NeedDecision.ACCEPTED, "", at)
    log("need.accepted", by=by, item=need.pk)
    return made


def reject_need(*, by: Actor, need: Need, reason: str, at: datetime | None = None) -> NeedDecision:
    """Say no to a need, with the reason that whoever said it will read."""
    if not reason.strip():
        raise ValueError("Skriv varför behovet avvisas. Den som sa det får läsa skälet.")
    made = _decide(by, need, NeedDecision.REJECTED, reason.strip(), at)
    change_item(need.item, by=by, verb="need.rejected", summary=f"Avvisat: {reason.strip()}")
    return made


def open_need(*, by: Actor, need: Need) -> Need:
    """Open a need for everyone, so that whoever follows a trace may read this step too.

    The words were written down as they were said: whoever opens them has seen that they point nobody out.
    """
    require_staff(by, *DECIDERS)
    require_same_organisation(by, need.owner_id)
    if _state(need) == NeedDecision.REJECTED:
        raise NotAllowedNow("Behovet är avvisat och öppnas inte för alla.")
    if need.item.level != Level.PUBLIC:
        publish(need.item, by=by)
    return need


def merge_need(*, by: Actor, need: Need, into: Need, reason: str = "", at: datetime | None = None) -> NeedDecision:
    """Let a need live on in another that says the same; both keep their words, and the trace goes on in the other."""
    if into.pk == need.pk:
        raise ValueError("Ett behov kan inte slås ihop med sig självt.")
    require_same_organisation(by, into.owner_id)
    if _state(into) in (NeedDecision.MERGED, NeedDecision.REJECTED):
        raise NotAllowedNow("Det andra behovet är avvisat eller redan sammanslaget. Välj ett som gäller.")
    made = _decide(by, need, NeedDecision.MERGED, reason, at)
    link(by=by, from_item=need.item, to_item=into.item, relation=Relation.MERGED_INTO, reason=reason)
    log("need.merged", by=by, item=need.pk, references=[into.pk])
    return made


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or would do. Where `problems` are, nothing was saved."""

    lines: int
    new: int
    duplicates: int
    problems: tuple[Problem, ...]
    proposed_networks: tuple[str, ...]
    new_meetings: tuple[Meeting, ...]
    unmapped: int
    needs: tuple[Need, ...] = ()

    @property
    def faults(self) -> int:
        """How many lines are wrong."""
        return len({problem.line for problem in self.problems})

    def __str__(self) -> str:
        return say_result(self.lines, self.new, self.duplicates, self.faults)


def check_import(*, by: Actor, parsed: ParsedNeeds) -> ImportResult:
    """What importing this would do, without doing it (the dry run)."""
    require_staff(by, *IMPORTERS)
    organisation = _acting(by)
    known = networks_by_name(organisation, parsed.networks)
    fresh, duplicates = _apart(organisation, parsed, known)
    if parsed.problems:
        return ImportResult(parsed.lines, 0, duplicates, parsed.problems, (), (), 0)
    return ImportResult(
        lines=parsed.lines,
        new=len(fresh),
        duplicates=duplicates,
        problems=(),
        proposed_networks=tuple(name for name in parsed.networks if name not in known),
        new_meetings=tuple(dict.fromkeys(one.meeting for one in fresh)),
        unmapped=sum(area_of_heading(one.heading) is None for one in fresh),
    )


def import_needs(*, by: Actor, parsed: ParsedNeeds, source_items: Mapping[Meeting, Item] | None = None) -> ImportResult:
    """Import the needs of a file: all of them, or none where any line is wrong.

    source_items: what the needs of each network (as written in the file) and day came from, such as a held session.
    A need that the organisation has already, said in the same network on the same day, is counted and not saved again.
    Unknown networks are proposed, for a person to confirm.
    """
    checked = check_import(by=by, parsed=parsed)
    if checked.problems:
        return checked
    organisation = _acting(by)
    networks = propose_networks(by=by, names=checked.proposed_networks) | networks_by_name(
        organisation, parsed.networks
    )
    fresh, _ = _apart(organisation, parsed, networks)
    needs = tuple(_import_one(by, one, networks, source_items or {}) for one in fresh)
    log("needs.imported", by=by, references=[need.pk for need in needs])
    return ImportResult(
        lines=checked.lines,
        new=len(needs),
        duplicates=checked.duplicates,
        problems=(),
        proposed_networks=checked.proposed_networks,
        new_meetings=checked.new_meetings,
        unmapped=checked.unmapped,
        needs=needs,
    )


def propose_networks(*, by: Actor, names: Iterable[str]) -> dict[str, Network]:
    """Propose networks that nobody knows of; those that are known, by name or alias, are given back as they are."""
    require_staff(by, *IMPORTERS)
    organisation, wanted = _acting(by), list(dict.fromkeys(names))
    found = networks_by_name(organisation, wanted)
    for name in wanted:
        if name not in found:
            network = Network(holder_id=organisation, name=name, proposed=True)
            network.save(force_insert=True)
            log("network.proposed", by=by, references=[network.id])
            found[name] = network
    return found


def _import_one(by: Actor, one: ParsedNeed, networks: Mapping[str, Network], sources: Mapping[Meeting, Item]) -> Need:
    source = sources.get(one.meeting)
    need = record_need(
        by=by,
        text=one.text,
        channel=Need.IMPORT,
        said_on=one.date,
        heading=one.heading,
        section=one.section,
        need_kind=one.kind,
        network=networks.get(one.network),
        sources=[source] if source is not None else [],
    )
    area = area_of_heading(one.heading)
    if area is not None:
        # The source itself sorted it under this area; anything less is left for a person.
        _choose(by, need, area.key, GoalAreaChoice.SOURCE, None)
    return need


def _apart(organisation: UUID, parsed: ParsedNeeds, known: Mapping[str, Network]) -> tuple[list[ParsedNeed], int]:
    """Those that are new, and how many are not: stored before, or twice in the file."""
    keys = {one: _fingerprint_of(one, known) for one in parsed.needs}
    stored = set(
        Need.objects.of(organisation).filter(fingerprint__in=keys.values()).values_list("fingerprint", flat=True)
    )
    fresh: list[ParsedNeed] = []
    for one, key in keys.items():
        if key not in stored:
            stored.add(key)
            fresh.append(one)
    return fresh, len(parsed.needs) - len(fresh)


def _fingerprint_of(one: ParsedNeed, known: Mapping[str, Network]) -> str:
    network = known.get(one.network)
    # A network that is not known yet has no needs; its name keeps its lines apart from other networks' within the file.
    return fingerprint(network.id if network else f"{one.network}" and f"namn:{one.network}", one.date, one.text)


def _acting(by: Actor) -> UUID:
    if by.organisation is None:
        raise PermissionDenied("Ingen organisation agerar.")
    return by.organisation


def _level_for(by: Actor, network: Network | None) -> str:
    """A network's needs are owned by the organisation that holds it, and read by those who have a seat in it."""
    return Level.SHARED if network is not None and network.holder_id == by.organisation else Level.ORGANISATION


def _submitted(by: Actor, key: UUID | None) -> Need | None:
    return Need.objects.filter(owner_id=by.organisation, submission_key=key).first() if key else None


def _state(need: Need) -> str:
    """The state that stands; two who decide at once take turns."""
    standing: str = Need.objects.select_for_update().values_list("state", flat=True).get(pk=need.pk)
    return standing


def _choose(by: Actor, need: Need, area: str, basis: str, at: datetime | None) -> GoalAreaChoice:
    made = GoalAreaChoice(need=need, area=area, basis=basis, **decided_by(by, at))
    made.save(force_insert=True)
    need.area = area
    need.save(update_fields=["area"])
    return made


def _decide(by: Actor, need: Need, decision: str, reason: str, at: datetime | None) -> NeedDecision:
    require_staff(by, *DECIDERS)
    require_same_organisation(by, need.owner_id)
    standing = _state(need)
    if decision not in NeedDecision.ALLOWED[standing]:
        said, wanted = NeedDecision.STATES[standing], NeedDecision.STATES[decision]
        raise NotAllowedNow(f"Behovet är {said} och kan inte bli {wanted}.")
    replace_standing(NeedDecision.objects.filter(need=need))
    made = NeedDecision(need=need, decision=decision, reason=reason[:1000], **decided_by(by, at))
    made.save(force_insert=True)
    need.state = decision
    need.save(update_fields=["state"])
    return made
