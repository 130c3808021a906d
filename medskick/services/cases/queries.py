"""Reads that pages and others need. All of them see only what the open scope may read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Sum
from django.db.models.functions import Coalesce

from medskick.kernel.files.models import StoredFile
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.privacy.models import CorrectionNote
from medskick.kernel.privacy.queries import corrections_on
from medskick.kernel.records.models import Level
from medskick.services.cases.models import Case, CaseAnswer, CaseNote, CaseQuerySet, CaseStep, CaseTally
from medskick.services.definitions.catalogue import catalogue
from medskick.services.definitions.definition import LONG_TEXT
from medskick.services.forms.answers import Answer, from_json

OPEN, OVERDUE, ANSWERED, ALL = "oppna", "forsenade", "besvarade", "alla"
# Shares of fewer cases than this say more of single people than of the work.
FEWEST_TOLD = 5


def cases_for(actor: Actor, *, view: str, today: date) -> CaseQuerySet:
    """The organisation's cases that this officer may read, in one of four views, the most urgent first."""
    cases = Case.objects.at(actor.organisation).select_related("item", "item__record", "unit")
    if view == OVERDUE:
        return cases.overdue(today).most_urgent_first()
    if view == ANSWERED:
        return cases.answered().newest_first()
    return cases.newest_first() if view == ALL else cases.waiting().most_urgent_first()


def case_by_item(item_id: UUID, *, for_update: bool = False) -> Case:
    """One case with its item, record and unit, and whether it has been corrected. Raise Case.DoesNotExist where the scope
    may not read it."""
    cases = Case.objects.select_related("item", "item__record", "unit")
    if for_update:
        return cases.select_for_update(of=("self",)).get(item_id=item_id)
    return cases.annotate(is_corrected=Exists(CorrectionNote.objects.filter(about_item=OuterRef("pk")))).get(
        item_id=item_id
    )


def cases_of_sender(speaker: UUID) -> CaseQuerySet:
    return Case.objects.of_sender(speaker).select_related("item", "item__record", "unit").newest_first()


def case_at_address(token: UUID) -> Case:
    """The case of a private address; widen the scope with its token first. Raise Case.DoesNotExist for none.

    A paper that somebody took home opens her case no longer once it is sealed: then only her own log-in does.
    """
    return _at_address(token).select_related("item", "item__record", "unit").get()


def is_at_address(token: UUID) -> bool:
    """Whether a case opens at the private address of this token."""
    return _at_address(token).exists()


def _at_address(token: UUID) -> CaseQuerySet:
    return Case.objects.filter(item__readers__contains=[token]).exclude(signed_in=True, item__level=Level.SEALED)


def case_submitted_as(organisation: UUID | None, key: UUID) -> Case:
    """The case that this form became when it was sent the first time."""
    return Case.objects.select_related("item", "unit").get(owner_id=organisation, submission_key=key)


def steps_of(case: Case) -> list[CaseStep]:
    """What happened, in order, each answer with its step. One query."""
    return list(CaseStep.objects.filter(case=case).select_related("unit", "reply"))


def replies_in(steps: Iterable[CaseStep]) -> list[CaseAnswer]:
    return [step.reply for step in steps if hasattr(step, "reply")]


def corrections_of(case: Case) -> list[CorrectionNote]:
    """The corrections beside the case. No query for the many cases that have none."""
    return corrections_on(case.item_id) if getattr(case, "is_corrected", True) else []


def notes_on(case: Case) -> list[CaseNote]:
    return list(CaseNote.objects.filter(case=case))


def files_of(case: Case) -> list[StoredFile]:
    return list(StoredFile.objects.filter(item_id=case.item_id).order_by("stored_at", "id"))


def answers_of(case: Case) -> list[Answer]:
    return from_json(case.answers)


def own_words(case: Case) -> str:
    """What the sender said in her own words: the long answers of the form, in order."""
    definition = catalogue().get(case.service, case.version)
    long_fields = {field.id for field in definition.fields() if field.type == LONG_TEXT}
    return "\n\n".join(one.shown for one in answers_of(case) if one.field in long_fields)


@dataclass(frozen=True, slots=True)
class PublicShare:
    """What became of an organisation's cases: counts since a month, and whole percentages of them."""

    received: int
    answered: int
    in_time: int
    changed: int

    @property
    def answered_share(self) -> int:
        return round(100 * self.answered / self.received)

    @property
    def changed_share(self) -> int:
        return round(100 * self.changed / self.answered) if self.answered else 0


def public_share(organisation: UUID, *, since: date) -> PublicShare | None:
    """Counts of the cases received since a month, for everybody; None for fewer than five, to protect the few."""
    tallies = CaseTally.objects.filter(owner_id=organisation, month__gte=since.replace(day=1))
    total = tallies.aggregate(
        **{name: Coalesce(Sum(name), 0) for name in ("received", "answered", "in_time", "changed")}
    )
    return PublicShare(**total) if total["received"] >= FEWEST_TOLD else None
