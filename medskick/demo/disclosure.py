"""The example's registrars: what people ask to read, what is answered, and the diary looked through and weeded.

Everything is invented, and made by the verbs that people's clicks call.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from medskick.demo.region import Region
from medskick.kernel.disclosure.actions import (
    Answer,
    Asked,
    answer_request,
    ask_for_record,
    prepare_copy,
    want_decision,
)
from medskick.kernel.disclosure.diary_actions import dispose, hold, revise_diary, void_diary_number
from medskick.kernel.disclosure.queries import request_by_item, staff_diary
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.organisations.scope import Scope, scope
from medskick.kernel.records.actions import create_item, register
from medskick.kernel.records.models import Record

TANUM, SOTENAS = "tanum", "sotenas"
DECISION = "Kommunstyrelsens gallringsbeslut (påhittat), § 12"


def build_disclosure(region: Region) -> dict[str, int]:
    """Let strangers ask, the registrar of Tanum answer, and the diary be kept."""
    kerstin = region.actor("kerstin")
    today = timezone.localdate()
    long_ago = timezone.now() - timedelta(days=3 * 366)
    old = [_ask(region, TANUM, wanted, at=long_ago) for wanted in ("Protokollet om bryggan", "Avtalet om snöröjning")]
    with scope(kerstin.scope()):
        secret = list(staff_diary(region.organisation(TANUM).id).filter(item__kind="services.case")[:3])
    asked = [_ask(region, TANUM, "Synpunkten och svaret på den", number=record.diary_number) for record in secret[:2]]
    with scope(kerstin.scope()):
        _look_through(kerstin, secret)
        mistaken = create_item(by=kerstin, kind="kernel.document", title="Remiss som hör till en annan kommun")
        register(mistaken, by=kerstin, party="Länsstyrelsen")
        for one in old:
            said = {"outcome": Answer.Outcome.NOT_HELD, "reason": "Vi har letat och har ingen sådan handling."}
            answer_request(request_by_item(one.request.item_id), by=kerstin, **said)
        if asked:
            _answer(kerstin, asked[0], secret[0])
    for one in asked[:1]:
        with scope(Scope(None, reach=frozenset({one.request.asker}))):
            want_decision(one.request, by=_nobody(region, TANUM), holder=one.request.asker)
    with scope(kerstin.scope()):
        first = Record.objects.select_related("item").get(item_id=old[0].request.item_id)
        dispose(first, by=kerstin, decision=DECISION, today=today)
        taken = Record.objects.get(item=mistaken)
        void_diary_number(taken, by=kerstin, reason="Registrerad av misstag: hör till grannkommunen.")
    _begin(region)
    return {"begäranden om handlingar": len(old) + len(asked) + 1}


def _begin(region: Region) -> None:
    """In Sotenäs a request waits, with a copy made and not given out yet."""
    eva = region.actor("eva")
    asked = _ask(region, SOTENAS, "Den senaste synpunkten, och vad ni svarade")
    with scope(eva.scope()):
        latest = staff_diary(region.organisation(SOTENAS).id).filter(item__kind="services.case").first()
        if latest is not None:
            prepare_copy(request_by_item(asked.request.item_id), by=eva, item=latest.item, words=["Kungshamn"])


def _nobody(region: Region, slug: str) -> Actor:
    return Actor(kind="device", organisation=region.organisation(slug).id, channel="demo")


def _ask(region: Region, slug: str, wanted: str, *, number: str = "", at: datetime | None = None) -> Asked:
    by, organisation = _nobody(region, slug), region.organisation(slug).id
    with scope(by.scope()):
        return ask_for_record(by=by, organisation=organisation, wanted=wanted, diary_number=number, at=at)


def _look_through(kerstin: Actor, records: list[Record]) -> None:
    """The registrar gives two entries words that everybody may read, marks one, and keeps one from disposal."""
    for record, title, secrecy in zip(
        records, ("Synpunkt om kommunens service", "Synpunkt från en invånare"), ("", "21 kap. 7 § OSL"), strict=False
    ):
        revise_diary(
            record,
            by=kerstin,
            public_title=title,
            party=record.party,
            party_withheld=bool(secrecy),
            secrecy=secrecy,
            confidentiality=2 if secrecy else 1,
            reason="Genomgången vid registreringen",
        )
    for record in records[2:]:
        hold(record, by=kerstin, reason="Svaret granskas av revisorerna.")


def _answer(kerstin: Actor, asked: Asked, record: Record) -> None:
    request = request_by_item(asked.request.item_id)
    prepare_copy(request, by=kerstin, item=record.item, words=["Grebbestad", "Fjällbacka", "trygghetslarmen"])
    masked = "Uppgiften kan visa vem som har skrivit."
    answer_request(request, by=kerstin, outcome=Answer.Outcome.MASKED, grounds=["osl-21-7"], reason=masked)
