"""The verbs of items, records, links and shares. Engines call these inside their own verbs, in the same transaction."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.organisations.places import place_of
from medskick.kernel.organisations.scope import before_commit, current_scope
from medskick.kernel.people.models import reader_ids
from medskick.kernel.records import listeners
from medskick.kernel.records.kinds import kind_of
from medskick.kernel.records.models import Item, Level, Link, Record, Relation, Share, VoidedNumber
from medskick.kernel.records.numbers import take_diary_number
from medskick.lib.swedish import sort_key
from medskick.lib.text import shorten

TITLE_LENGTH, SUMMARY_LENGTH = 300, 500
CONFIDENTIAL = 3  # from this class of confidentiality on, nothing is shared


def create_item(
    *,
    by: Actor,
    kind: str,
    title: str,
    summary: str = "",
    level: str = Level.ORGANISATION,
    readers: Iterable[UUID] = (),
    unit: UUID | None = None,
    occurred_at: datetime | None = None,
    search_text: str = "",
    searchable: bool = True,
) -> Item:
    """Create an item of the acting organisation, index it for search and log it.

    search_text: what search finds it by, beside the title and summary.
    searchable: false for what must be found by no list, such as a single anonymous answer.
    Raises LookupError for an unknown kind and PermissionDenied where no organisation acts.
    """
    kind_of(kind)
    owner = current_scope().acting
    if owner is None or owner != by.organisation:
        raise PermissionDenied("Ingen organisation agerar.")
    item = Item(
        owner_id=owner,
        kind=kind,
        title=shorten(title, TITLE_LENGTH),
        summary=shorten(summary, SUMMARY_LENGTH),
        level=level,
        # Whoever acts for another reads what came of it for as long as she acts for her, and nothing older.
        readers=reader_ids(*readers, by.tie, *_implied_readers(level, owner, unit)),
        unit_id=unit,
        occurred_at=occurred_at or timezone.now(),
        channel=_came_by(by),
        invented=by.channel == "demo",
    )
    item.title_key = sort_key(item.title)
    item.save(force_insert=True)
    if _is_sealed(item, speaker=by.acting_for or (None if by.staff else by.person)):
        item.level = Level.SEALED
    if searchable:
        listeners.tell_indexers(item, search_text)
    log(f"{kind}.created", by=by, item=item.id)
    return item


def change_item(
    item: Item,
    *,
    by: Actor,
    verb: str,
    title: str | None = None,
    summary: str | None = None,
    level: str | None = None,
    readers: Iterable[UUID] | None = None,
    unit: UUID | None = None,
    fields: Iterable[str] = (),
    search_text: str = "",
) -> Item:
    """Change what the kernel knows of an item, index it again and log `verb` with the names of the changed fields."""
    require_same_organisation(by, item.owner_id)
    changed: list[str] = []
    implied = _implied_readers(item.level, item.owner_id, item.unit_id)
    if title is not None and title != item.title:
        item.title = shorten(title, TITLE_LENGTH)
        item.title_key = sort_key(item.title)
        changed.append("title")
    if summary is not None and summary != item.summary:
        item.summary = shorten(summary, SUMMARY_LENGTH)
        changed.append("summary")
    if level is not None and level != item.level:
        item.level = level
        changed.append("level")
    if unit is not None and unit != item.unit_id:
        item.unit_id = unit
        changed.append("unit")
    # What the level alone gave goes with it: an item taken back from the region is no longer read by its circle.
    stay = set(item.readers) - implied if readers is None else readers
    wanted = reader_ids(*stay, *_implied_readers(item.level, item.owner_id, item.unit_id))
    if wanted != item.readers:
        item.readers = wanted
        changed.append("readers")
    _save_changed(item, changed)
    # Without new text the words that search knows stay; only title, summary and readers are brought up to date.
    listeners.tell_indexers(item, search_text, known=True)
    log(verb, by=by, item=item.id, fields=[*fields, *changed])
    return item


def register(
    item: Item,
    *,
    by: Actor,
    party: str = "",
    confidentiality: int = 1,
    integrity: int = 1,
    availability: int = 1,
    secrecy: str = "",
    retention: str = "bevaras",
    registered_at: datetime | None = None,
    public_title: str = "",
) -> Record:
    """Register an item in its owner's diary. The number is taken as the last thing before commit (kernel.md G).

    party: who it came from or went to, without personal data. Classification levels are 0-4.
    public_title: the subject that everybody reads in the diary, where the item is not public and a word more than its
    kind can be told.
    """
    require_same_organisation(by, item.owner_id)
    registered_at = registered_at or timezone.now()
    record = Record(
        item=item,
        owner_id=item.owner_id,
        year=timezone.localtime(registered_at).year,
        series=series_of(item.owner_id),
        party=party,
        confidentiality=confidentiality,
        integrity=integrity,
        availability=availability,
        secrecy=secrecy,
        retention=retention,
        registered_at=registered_at,
        public_title=public_title,
    )
    record.save(force_insert=True)
    log("record.registered", by=by, item=item.id)
    before_commit(lambda: _number(record), order=f"diary {record.owner_id} {record.year}")
    return record


def void_number(record: Record, *, by: Actor, reason: str) -> VoidedNumber:
    """Note a taken number as makulerad, with the reason; the number is never used again."""
    require_staff(by)
    require_same_organisation(by, record.owner_id)
    if record.serial is None:
        raise ValueError("Handlingen har inget diarienummer än.")
    voided = VoidedNumber(
        owner_id=record.owner_id, year=record.year, serial=record.serial, reason=reason, by_person=by.person
    )
    voided.save(force_insert=True)
    log("record.voided", by=by, item=record.item_id)
    return voided


def link(*, by: Actor, from_item: Item, to_item: Item, relation: Relation, reason: str = "", tell: bool = True) -> Link:
    """Say that `to_item` came of `from_item`; saying it twice is saying it once.

    The acting organisation owns the link. tell: false where the verb tells the followers itself, in better words.
    """
    standing = Link.objects.filter(
        from_item=from_item, to_item=to_item, relation=relation, ended_at__isnull=True
    ).first()
    if standing is not None:
        return standing
    made = Link(
        owner_id=current_scope().acting,
        from_item=from_item,
        to_item=to_item,
        relation=relation,
        from_kind=from_item.kind,
        from_owner_id=from_item.owner_id,
        from_at=from_item.occurred_at,
        to_kind=to_item.kind,
        to_owner_id=to_item.owner_id,
        to_at=to_item.occurred_at,
        sealed=Level.SEALED in (from_item.level, to_item.level),
        by_person=by.person,
        by_name=by.name if by.staff else "",
        reason=reason,
    )
    made.save(force_insert=True)
    log("link.made", by=by, item=from_item.id, references=[to_item.id])
    if tell:
        listeners.tell_followers(made, from_item, to_item)
    return made


def end_link(made: Link, *, by: Actor, reason: str) -> Link:
    """End a link, with who and why. It stays in the history."""
    require_staff(by)
    require_same_organisation(by, made.owner_id)
    made.ended_at, made.ended_by, made.ended_reason = timezone.now(), by.person, reason
    made.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    log("link.ended", by=by, item=made.from_item_id, references=[made.to_item_id])
    return made


def share(
    item: Item, *, by: Actor, with_token: UUID | None, may: str = Share.READ, until: datetime | None = None
) -> Share:
    """Let an organisation, a network or the region's circle (its token), or everyone (None), read an item.

    until: the first moment when they may no longer. Raise PermissionDenied for what may not be shared at all, and
    ValueError where the moment is past.
    """
    require_staff(by)
    require_same_organisation(by, item.owner_id)
    _lock_audience(item)
    require_shareable(item)
    if until is not None and until <= timezone.now():
        raise ValueError("En delning kan inte sluta innan den börjar.")
    standing = Share.objects.filter(item=item, ended_at__isnull=True).first()
    shared = Share(
        item=item,
        with_token=with_token,
        may=may,
        until=until,
        base_level=standing.base_level if standing else item.level,
        widened=with_token is not None and with_token not in item.readers,
        by_person=by.person,
        by_name=by.name if by.staff else "",
    )
    shared.save(force_insert=True)
    if with_token is None:
        change_item(item, by=by, verb="item.published", level=Level.PUBLIC)
    else:
        widened = Level.SHARED if item.level == Level.ORGANISATION else None
        change_item(item, by=by, verb="item.shared", level=widened, readers=[*item.readers, with_token])
    listeners.tell_audience_changed(item, by)
    return shared


def end_share(shared: Share, *, by: Actor, reason: str) -> Share:
    """End a share, with the reason. What another share of the item still gives stays; ending it twice is ending it once."""
    require_staff(by)
    item = shared.item
    require_same_organisation(by, item.owner_id)
    _lock_audience(item)
    shared.refresh_from_db()
    if shared.ended_at is not None:
        return shared
    before = list(Share.objects.filter(item=item, ended_at__isnull=True).order_by("at", "id"))
    rest = [one for one in before if one.id != shared.id]
    shared.ended_at, shared.ended_by, shared.ended_reason = timezone.now(), by.person, reason
    shared.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    readers = None
    if shared.widened:
        heir = next((one for one in rest if one.with_token == shared.with_token), None)
        if heir is None:
            readers = [one for one in item.readers if one != shared.with_token]
        else:
            heir.widened = True
            heir.save(update_fields=["widened"])
    # A level that somebody has chosen by another way in the meantime is hers, and stays.
    ours = item.level == _level_of(before, shared.base_level)
    level = _level_of(rest, shared.base_level) if ours else None
    change_item(item, by=by, verb="item.share_ended", level=level, readers=readers)
    listeners.tell_audience_changed(item, by)
    return shared


def require_shareable(item: Item) -> None:
    """Raise PermissionDenied for what is sealed, or registered with confidentiality 3 or 4."""
    if item.level == Level.SEALED:
        raise PermissionDenied(_("Skyddade uppgifter kan inte delas."))
    if Record.objects.filter(item=item, confidentiality__gte=CONFIDENTIAL).exists():
        raise PermissionDenied(
            _(
                "Handlingen är klassad med konfidentialitet 3 eller 4 och kan inte delas. Den begärs ut hos den som äger den."
            )
        )


def _lock_audience(item: Item) -> None:
    """Read level and readers again, and keep others from changing them: two shares at once must both stand."""
    item.refresh_from_db(fields=["level", "readers"], from_queryset=Item.objects.select_for_update())


def _level_of(shares: Iterable[Share], base_level: str) -> str:
    """The level that these shares of an item give it together."""
    tokens = [one.with_token for one in shares]
    if None in tokens:
        return Level.PUBLIC
    return Level.SHARED if tokens and base_level == Level.ORGANISATION else base_level


def publish(item: Item, *, by: Actor) -> Share:
    """Open an item for everyone."""
    return share(item, by=by, with_token=None)


def series_of(organisation: UUID) -> str:
    """The letters in front of an organisation's diary numbers: the first letters of its slug, capitals."""
    place = place_of(organisation)
    return place.monogram.upper() if place else "M"


def _came_by(by: Actor) -> str:
    """How it came in. What is invented is marked as such beside; its way in is as real people's would be."""
    if by.channel != "demo":
        return by.channel
    return "desk" if by.assistance else "web"


def _implied_readers(level: str, owner: UUID, unit: UUID | None) -> set[UUID]:
    """Readers by level alone: the region's circle, whose token all staff in the region hold, or the item's unit."""
    if level == Level.REGION:
        place = place_of(owner)
        return {place.circle} if place else set()
    return {unit} if level == Level.UNIT and unit else set()


def _save_changed(item: Item, changed: list[str]) -> None:
    """Only what was changed is written: an item that was read a while ago must not undo a share that began since."""
    if changed:
        item.save(update_fields=[*changed, *(["title_key"] if "title" in changed else [])])


def _is_sealed(item: Item, *, speaker: UUID | None) -> bool:
    """True where the database sealed the item: by or for somebody with protected identity (privacy/sql_functions.py)."""
    if item.level == Level.SEALED:
        return True
    if speaker is None and not item.readers:
        return False
    with connection.cursor() as cursor:
        cursor.execute("select seal_if_protected(%s, %s)", [item.id, speaker])
        return bool(cursor.fetchone()[0])


def _number(record: Record) -> None:
    record.serial = take_diary_number(record.owner_id, record.year)
    record.save(update_fields=["serial"])
