"""From stands and shares to what the pages draw."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medskick.design.parts import Event, Link, Row
from medskick.kernel.documents.templates import document_templates
from medskick.kernel.organisations.models import Organisation
from medskick.kernel.organisations.places import place_of
from medskick.kernel.records.models import Share
from medskick.kernel.sharing.models import Adoption, AdoptionDecision, AdoptionStatus
from medskick.kernel.sharing.queries import DeviationTable, Offered, token_names
from medskick.lib.csv_rows import write_rows
from medskick.lib.dates import say_date
from medskick.lib.text import join_and

TONES: dict[str, str] = {
    AdoptionStatus.CONSIDERED: "wait",
    AdoptionStatus.ADOPTED: "done",
    AdoptionStatus.DECLINED: "stop",
    AdoptionStatus.ENDED: "neutral",
}
MAY = {
    Share.READ: gettext_lazy("läsa"),
    Share.COMMENT: gettext_lazy("läsa och kommentera"),
    Share.ADOPT: gettext_lazy("läsa, kommentera och använda hos sig"),
}


def rooms(current: str) -> list[Link]:
    """The four lists of what is common, as tabs."""
    names = (
        ("shared", _("Delat med oss")),
        ("followed", _("Det vi följer")),
        ("shared_by_us", _("Det vi delar")),
        ("deviations", _("Vem följer vad")),
    )
    return [Link(label, reverse(name), name == current) for name, label in names]


def short_name(organisation: UUID) -> str:
    place = place_of(organisation)
    return place.short_name if place else ""


def template_label(key: str) -> str:
    template = document_templates().get(key)
    return template.label if template else _("Dokument")


def many_deviations(many: int) -> str:
    return ngettext("%(many)s egen lydelse", "%(many)s egna lydelser", many) % {"many": many}


def offered_row(one: Offered, *, own: bool = False) -> Row:
    """A line of the catalogue: whose it is, who follows it, and where we stand. Nobody takes a stand on her own."""
    meta = [template_label(one.template)] if own else [short_name(one.item.owner_id), template_label(one.template)]
    if one.version is not None:
        meta.append(_("version %(number)s") % {"number": one.version.number})
    if one.followers:
        names = join_and([stand.owner.short_name for stand in one.followers[:4]])
        more = len(one.followers) - 4
        meta.append(_("följs av %(names)s") % {"names": names if more <= 0 else f"{names} +{more}"})
    if one.many_overrides:
        meta.append(many_deviations(one.many_overrides))
    status, tone = ("", "neutral") if own else _our_stand(one)
    return Row(
        title=one.item.title,
        url=reverse("shared_document", args=[one.item.id]),
        text=one.entry.suits if one.entry else "",
        meta=meta,
        status=status,
        tone=tone,
    )


def _our_stand(one: Offered) -> tuple[str, str]:
    if one.behind:
        return _("ny version"), "wait"
    if one.ours is not None:
        return str(AdoptionStatus(one.ours.status).label), TONES[one.ours.status]
    return (_("inte tagit ställning"), "neutral") if one.may == Share.ADOPT else ("", "neutral")


def stand_row(adoption: Adoption, *, new: bool) -> Row:
    """A line of what an organisation follows, or has said no to."""
    meta = [short_name(adoption.source_owner_id), _("version %(number)s") % {"number": adoption.version_number}]
    if adoption.standing:
        meta.append(many_deviations(len(adoption.standing)))
    return Row(
        title=adoption.item.title,
        url=reverse("adoption", args=[adoption.item_id]),
        meta=meta,
        status=_("ny version") if new else str(AdoptionStatus(adoption.status).label),
        tone="wait" if new else TONES[adoption.status],
    )


def history(decisions: Iterable[AdoptionDecision]) -> list[Event]:
    """The stands that were taken, newest first."""
    return [
        Event(
            title=_("%(status)s, version %(number)s")
            % {"status": str(AdoptionStatus(one.status).label).capitalize(), "number": one.version_number},
            when=one.at,
            text=one.reason,
            who=one.by_name,
        )
        for one in decisions
    ]


def share_lines(shares: Sequence[Share], now: datetime) -> list[dict[str, object]]:
    """Each share: with whom, what they may, until when; and how it ended."""
    names = token_names(one.with_token for one in shares)
    return [
        {
            "share": one,
            "whom": names.get(one.with_token, _("någon som inte längre finns här")),
            "may": MAY[one.may],
            "standing": one.ended_at is None and (one.until is None or one.until > now),
            "last_day": last_day(one),
        }
        for one in shares
    ]


def last_day(shared: Share) -> str:
    """The last day on which a share stands, in words."""
    if shared.until is None:
        return _("tills vidare")
    return _("till och med %(day)s") % {"day": say_date(shared.until - timedelta(seconds=1), weekday=False, year=True)}


def stand_lines(stands: Iterable[Adoption], decisions: dict[UUID, list[AdoptionDecision]]) -> list[dict[str, object]]:
    """Each organisation's stand with the reason of its latest decision, and its own wordings."""
    return [{"stand": one, "said": said(one, decisions.get(one.item_id, []))} for one in stands]


def said(adoption: Adoption, decisions: Sequence[AdoptionDecision]) -> str:
    """The reason of the latest decision; where a new version was declined, that too."""
    latest = decisions[0] if decisions else None
    if latest is None:
        return ""
    if stays(adoption, latest):
        told = _("Stannar: avböjde version %(number)s.") % {"number": latest.version_number}
        return f"{told} {latest.reason}".strip()
    return latest.reason


def stays(adoption: Adoption, latest: AdoptionDecision | None) -> bool:
    """The organisation follows a version and has declined a newer one."""
    return latest is not None and adoption.followed and latest.status == AdoptionStatus.DECLINED


def stands_csv(adoptions: Iterable[Adoption], decisions: dict[UUID, list[AdoptionDecision]]) -> bytes:
    """A row for each own wording, or one for a stand without any."""
    header = [
        _("Organisation"), _("Dokument"), _("Ägare"), _("Version"), _("Ställning"), _("Senaste beslut"), _("Dag"),
        _("Skäl"), _("Fält"), _("Egen lydelse"), _("Varför"),
    ]  # fmt: skip
    rows: list[list[object]] = []
    for one in adoptions:
        latest = next(iter(decisions.get(one.item_id, [])), None)
        head: list[object] = [
            one.owner.name,
            one.item.title,
            short_name(one.source_owner_id),
            # In words, for a spreadsheet makes a date or a number of 1.0.
            _("version %(number)s") % {"number": one.version_number},
            str(AdoptionStatus(one.status).label),
            f"{AdoptionStatus(latest.status).label}, {latest.version_number}" if latest else "",
            timezone.localtime(latest.at).date().isoformat() if latest else "",
            latest.reason if latest else "",
        ]
        own = one.standing if one.followed else []
        rows += [[*head, mine.label, mine.value, mine.reason] for mine in own] or [[*head, "", "", ""]]
    return write_rows(header, rows)


def cell(adoption: Adoption | None, decisions: dict[UUID, list[AdoptionDecision]]) -> dict[str, object] | None:
    """One cell of the table of who follows what."""
    if adoption is None:
        return None
    latest = next(iter(decisions.get(adoption.item_id, [])), None)
    followed = _("version %(number)s") % {"number": adoption.version_number}
    more = [many_deviations(len(adoption.standing))] if adoption.followed and adoption.standing else []
    if latest is not None and stays(adoption, latest):
        more.append(_("avböjde version %(number)s") % {"number": latest.version_number})
    return {
        "url": reverse("adoption", args=[adoption.item_id]),
        "what": followed if adoption.followed else str(AdoptionStatus(adoption.status).label),
        "more": more,
    }


def table_rows(
    table: DeviationTable, decisions: dict[UUID, list[AdoptionDecision]]
) -> list[tuple[Organisation, list[dict[str, object] | None]]]:
    """The rows of the table of who follows what. An empty cell is an organisation that has taken no stand."""
    own: dict[str, object] = {"url": "", "what": _("äger det"), "more": []}
    return [
        (
            who,
            [
                own if one is None and table.owners[source] == who.id else cell(one, decisions)
                for one, (source, _title) in zip(cells, table.documents, strict=True)
            ],
        )
        for who, cells in table.rows
    ]
