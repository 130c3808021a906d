"""Living with what was adopted: own wordings of fields, and what to do about a new version of the source."""

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from medskick.kernel.documents.models import DocumentVersion
from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.records.actions import change_item
from medskick.kernel.records.models import Item
from medskick.kernel.sharing.access import DECIDERS
from medskick.kernel.sharing.actions.adopting import adopt, decide, lock_stand, require_may_adopt, summary_of
from medskick.kernel.sharing.effective import Change, Own, changes, mode_of
from medskick.kernel.sharing.models import Adoption, AdoptionStatus, Override
from medskick.kernel.sharing.queries import latest_version, newer_version, own_values, pinned
from medskick.kernel.tasks.actions import settle
from medskick.kernel.tasks.models import Task


def adopt_with_wordings(
    source: Item, *, by: Actor, seen: UUID, own: Mapping[str, Own], reason: str = "", openly: bool = False
) -> Adoption:
    """Adopt a shared document and give fields wordings of the organisation's own at once: all of it, or nothing.

    seen: the version that the wordings were written against. own: what is written, by field key. Raise as adopt and
    override do, before anything is written; and ValueError where a later version has been fixed meanwhile.
    """
    require_staff(by, *DECIDERS)
    require_may_adopt(source, by)
    version = latest_version(source.id)
    if version is None or version.id != seen:
        raise ValueError(_("En ny version har fastställts sedan du öppnade sidan. Läs den först."))
    stated = {one["key"]: one for one in version.fields}
    for key, mine in own.items():
        _require_own(stated[key], mine.value, mine.reason)
    adoption = adopt(source, by=by, reason=reason, openly=openly)
    for key, mine in own.items():
        override(adoption, by=by, field=key, value=mine.value, reason=mine.reason)
    return adoption


def override(adoption: Adoption, *, by: Actor, field: str, value: str, reason: str) -> Override:
    """Give one field a wording of the organisation's own, with the reason.

    Raise PermissionDenied for a locked field, LookupError for one that the version has not, and ValueError where a
    reason is missing or the wording is the source's.
    """
    _require_followed(adoption, by)
    stated = _field(adoption, field)
    _require_own(stated, value, reason)
    _end_standing(adoption, by=by, field=field)
    made = _write(adoption, by=by, version=adoption.version, field=stated, value=value, reason=reason)
    log("adoption.overridden", by=by, item=adoption.item_id, fields=[field], references=[made.id])
    return made


def back_to_source(adoption: Adoption, *, by: Actor, field: str) -> None:
    """Let the source's wording of a field be valid again. Doing it twice is doing it once."""
    _require_followed(adoption, by)
    if _end_standing(adoption, by=by, field=field):
        log("adoption.back_to_source", by=by, item=adoption.item_id, fields=[field])


def adopt_new_version(
    adoption: Adoption, *, by: Actor, version: DocumentVersion, kept: Mapping[str, str], reason: str = ""
) -> Adoption:
    """Follow a newer version. Each of the organisation's own wordings is confirmed for it, or dropped.

    kept: the reason of each own wording that is carried over, by field key; all others are dropped. Raise ValueError
    where one cannot be carried or lacks its reason, and PermissionDenied where the version is not the latest one that
    may be adopted.
    """
    _require_followed(adoption, by)
    _require_newest(adoption, by, version)
    before = pinned(adoption)
    if before is None:
        raise PermissionDenied(_("Den version som ni följer går inte att läsa."))
    found = {one.key: one for one in changes(before.fields, version.fields, own_values(adoption))}
    for key, why in kept.items():
        _require_keepable(found.get(key), why)
    adoption.version, adoption.version_number = version, version.number
    adoption.save(update_fields=["version", "version_number"])
    for standing in adoption.overrides.filter(ended_at__isnull=True).order_by("at", "id"):
        _end_standing(adoption, by=by, field=standing.field)
        if standing.field in kept:
            stated = next(one for one in version.fields if one["key"] == standing.field)
            # What the source now says itself is no wording of one's own any more.
            if stated["value"] != standing.value:
                why = kept[standing.field]
                _write(adoption, by=by, version=version, field=stated, value=standing.value, reason=why)
    decide(adoption, by=by, version=version, status=AdoptionStatus.ADOPTED, reason=reason)
    change_item(
        adoption.item, by=by, verb="adoption.version_changed", title=version.title, summary=summary_of(adoption)
    )
    settle(adoption.item, by=by, relation=Task.TO_DO)
    return adoption


def decline_new_version(adoption: Adoption, *, by: Actor, version: DocumentVersion, reason: str) -> Adoption:
    """Stay with the version that is followed, with the reason: a stored result, as every stand is."""
    _require_followed(adoption, by)
    if not reason.strip():
        raise ValueError(_("Skriv varför ni stannar vid den version ni har."))
    _require_newest(adoption, by, version)
    decide(adoption, by=by, version=version, status=AdoptionStatus.DECLINED, reason=reason)
    settle(adoption.item, by=by, relation=Task.TO_DO)
    return adoption


def _require_followed(adoption: Adoption, by: Actor) -> None:
    require_staff(by, *DECIDERS)
    require_same_organisation(by, adoption.owner_id)
    lock_stand(adoption)
    if not adoption.followed:
        raise PermissionDenied(_("Ni följer inte det här dokumentet."))


def _require_newest(adoption: Adoption, by: Actor, version: DocumentVersion) -> None:
    source = Item.objects.filter(id=adoption.source_id).first()
    if source is None:
        raise PermissionDenied(_("Dokumentet är inte längre delat med er. Ni följer den version ni har."))
    require_may_adopt(source, by)
    if version != newer_version(adoption):
        raise PermissionDenied(_("En senare version finns. Ladda om sidan och ta ställning till den."))


def _require_keepable(change: Change | None, reason: str) -> None:
    if change is None or change.own is None:
        raise ValueError(_("Den egna lydelsen finns inte längre. Ladda om sidan."))
    if not change.may_keep:
        raise ValueError(_("”%(label)s” får inte längre ha en egen lydelse.") % {"label": change.label})
    if change.reason_needed and not reason.strip():
        raise ValueError(_("Skriv varför ni behåller er lydelse av ”%(label)s”.") % {"label": change.label})


def _require_own(stated: Mapping[str, str], value: str, reason: str) -> None:
    """Raise where a field may not have this wording of its own."""
    mode = mode_of(stated)
    if mode == "locked":
        raise PermissionDenied(_("Det här fältet får inte ändras. Det ska vara lika hos alla."))
    if mode == "default" and not reason.strip():
        raise ValueError(_("Skriv varför ni har en egen lydelse."))
    if value == stated["value"]:
        raise ValueError(_("Det står likadant hos källan. Ändra texten, eller gå tillbaka till källans."))


def _field(adoption: Adoption, key: str) -> dict[str, str]:
    version = pinned(adoption)
    for field in version.fields if version else ():
        if field["key"] == key:
            found: dict[str, str] = field
            return found
    raise LookupError(key)


def _end_standing(adoption: Adoption, *, by: Actor, field: str) -> int:
    standing = Override.objects.filter(adoption=adoption, field=field, ended_at__isnull=True)
    return int(standing.update(ended_at=timezone.now(), ended_by=by.person))


def _write(
    adoption: Adoption, *, by: Actor, version: DocumentVersion, field: Mapping[str, str], value: str, reason: str
) -> Override:
    made = Override(
        adoption=adoption,
        version=version,
        field=field["key"],
        label=field["label"],
        value=value,
        reason=reason,
        by_person=by.person,
        by_name=by.name,
    )
    made.save(force_insert=True)
    return made
