"""The verbs of initiatives."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from medskick.kernel.log.actions import log
from medskick.kernel.organisations.actor import Actor, require_same_organisation, require_staff
from medskick.kernel.organisations.models import Unit
from medskick.kernel.records.actions import change_item, create_item, link
from medskick.kernel.records.models import Item, Relation
from medskick.lib.text import clean_text
from medskick.plan.decided import decided_by, replace_standing
from medskick.plan.initiatives.access import LEADERS, PROPOSERS
from medskick.plan.initiatives.descriptions import Template, template_of, templates
from medskick.plan.initiatives.gates import WAIVABLE
from medskick.plan.initiatives.models import HORIZONS, KIND, HorizonChoice, Initiative, Waiver
from medskick.plan.moments import moment_of
from medskick.plan.needs.models import Need

TITLE_LENGTH = 120


def propose_initiative(
    *,
    by: Actor,
    title: str,
    summary: str = "",
    needs: Iterable[Need] = (),
    sources: Iterable[Item] = (),
    readers: Iterable[UUID] = (),
    values: Mapping[str, Mapping[str, str]] | None = None,
    unit: Unit | None = None,
    proposed_on: date | None = None,
    reason: str = "",
    submission_key: UUID | None = None,
) -> Initiative:
    """Propose to do something about needs.

    summary: one sentence for the trace and the lists. values: what is known by now, by template and field id.
    sources: what else it came from than needs, such as a case or an answer. readers: who else may read it, such as
    those who spoke. Errors: ValueError for no title or an unknown field.
    """
    require_staff(by, *PROPOSERS)
    standing = Initiative.objects.filter(owner_id=by.organisation, submission_key=submission_key).first()
    if submission_key is not None and standing is not None:
        return standing
    kept = {key: _checked(template_of(key), given) for key, given in (values or {}).items()}
    called = _called(title)
    item = create_item(
        by=by,
        kind=KIND,
        title=called,
        summary=summary,
        readers=readers,
        unit=unit.id if unit else by.unit,
        occurred_at=moment_of(proposed_on),
        search_text=_words(kept),
    )
    initiative = Initiative(
        item=item,
        owner_id=item.owner_id,
        unit=unit,
        values=kept,
        template_versions={one.key: one.version for one in templates()},
        submission_key=submission_key,
    )
    initiative.save(force_insert=True)
    for came_from in (*(need.item for need in needs), *sources):
        link(by=by, from_item=came_from, to_item=item, relation=Relation.GAVE_RISE_TO, reason=reason)
    return initiative


def describe_initiative(*, by: Actor, initiative: Initiative, part: str, values: Mapping[str, str]) -> Initiative:
    """Write VAD (insats), VEM (malgrupp) or HUR (aktivitet). Fields that are not given keep what they have."""
    require_staff(by, *PROPOSERS)
    require_same_organisation(by, initiative.owner_id)
    template = template_of(part)
    before = initiative.values.get(part, {})
    after = {**before, **_checked(template, values)}
    changed = sorted(name for name in after if after[name] != before.get(name, ""))
    if not changed:
        return initiative
    initiative.values = {**initiative.values, part: after}
    initiative.template_versions = {**initiative.template_versions, part: template.version}
    initiative.save(update_fields=["values", "template_versions"])
    change_item(
        initiative.item,
        by=by,
        verb="initiative.described",
        fields=[f"{part}.{name}" for name in changed],
        search_text=_words(initiative.values),
    )
    return initiative


def rename_initiative(*, by: Actor, initiative: Initiative, title: str, summary: str = "") -> Initiative:
    """Give it another title, and the one sentence that lists and the trace show."""
    require_staff(by, *PROPOSERS)
    require_same_organisation(by, initiative.owner_id)
    change_item(initiative.item, by=by, verb="initiative.renamed", title=_called(title), summary=summary)
    return initiative


def connect_needs(*, by: Actor, initiative: Initiative, needs: Iterable[Need], reason: str = "") -> None:
    """Say that it came from these needs as well."""
    require_staff(by, *PROPOSERS)
    require_same_organisation(by, initiative.owner_id)
    for need in needs:
        link(by=by, from_item=need.item, to_item=initiative.item, relation=Relation.GAVE_RISE_TO, reason=reason)


def choose_horizon(
    *, by: Actor, initiative: Initiative, years: int, motivation: str, at: datetime | None = None
) -> HorizonChoice:
    """Decide within how many years it needs to begin: 1, 3, 5 or 10. The motivation is kept and shown."""
    require_staff(by, *LEADERS)
    require_same_organisation(by, initiative.owner_id)
    if years not in HORIZONS:
        raise ValueError(_("Välj 1, 3, 5 eller 10 år."))
    said = clean_text(motivation, max_length=1000).strip()
    if not said:
        raise ValueError(_("Skriv varför den behöver påbörjas inom den tiden."))
    replace_standing(HorizonChoice.objects.filter(initiative=initiative))
    made = HorizonChoice(initiative=initiative, years=years, motivation=said, **decided_by(by, at))
    made.save(force_insert=True)
    log("initiative.horizon_chosen", by=by, item=initiative.pk, fields=["years"])
    return made


def waive_gate(*, by: Actor, initiative: Initiative, gate: str, reason: str) -> Waiver:
    """Let it pass a gate that is not met, with who and why."""
    require_staff(by, *LEADERS)
    require_same_organisation(by, initiative.owner_id)
    if gate not in WAIVABLE:
        raise ValueError(_("Från den grinden går det inte att göra avsteg."))
    if not reason.strip():
        raise ValueError(_("Skriv varför ni går vidare utan det här."))
    standing = Waiver.objects.filter(initiative=initiative, gate=gate).first()
    if standing is not None:
        return standing
    made = Waiver(initiative=initiative, gate=gate, reason=clean_text(reason, max_length=1000), **decided_by(by))
    made.save(force_insert=True)
    log("initiative.gate_waived", by=by, item=initiative.pk, fields=[gate])
    return made


def _called(title: str) -> str:
    called = " ".join(clean_text(title, max_length=TITLE_LENGTH).split())
    if not called:
        raise ValueError(_("Insatsen behöver ett namn."))
    return called


def _checked(template: Template, values: Mapping[str, str]) -> dict[str, str]:
    template.refuse_unknown(values)
    longest = {field.id: field.longest for field in template.fields}
    return {name: clean_text(text, max_length=longest[name]).strip() for name, text in values.items()}


def _words(values: Mapping[str, Mapping[str, str]]) -> str:
    return " ".join(text for part in values.values() for text in part.values())
