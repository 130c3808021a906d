"""A cluster of notes, or a proposal under a horizon, becomes a need or an initiative, with the trace from every note."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from medskick.dialog import api as dialog
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.roles import FACILITATOR, PROCESS_LEADER
from medskick.kernel.records.models import Item
from medskick.lib.text import count_noun
from medskick.plan import api as plan

MAY_ADOPT = (PROCESS_LEADER, FACILITATOR)


def adopt_as_need(
    *,
    by: Actor,
    gathered: dialog.Gathered,
    text: str,
    area: str = "",
    reason: str = "",
    submission_key: UUID | None = None,
    at: datetime | None = None,
) -> plan.Need:
    """Write down the need that the notes gave rise to. Those who wrote them are told, by the links."""
    sources = _sources(gathered, by)
    need = plan.record_need(
        by=by,
        text=text,
        channel=plan.Need.WORKSHOP,
        sources=sources,
        reason=reason,
        said_on=min(gathered.session.held_on, date.today()),
        readers=_readers(gathered, sources),
        submission_key=submission_key,
    )
    if area:
        plan.choose_goal_area(by=by, need=need, area=area, at=at)
    return need


def adopt_as_initiative(
    *,
    by: Actor,
    gathered: dialog.Gathered,
    title: str,
    summary: str = "",
    reason: str = "",
    takes_horizon: bool = True,
    submission_key: UUID | None = None,
    at: datetime | None = None,
) -> plan.Initiative:
    """Propose what the group wants to start, and let the horizon come along where the actor may choose one.

    The needs that its notes have become stand behind it.
    """
    sources = _sources(gathered, by)
    # A note that has become a need leads to the initiative by way of the need.
    become = plan.needs_that_came_of(sources) if gathered.answers else {}
    needs = {need.pk: need for found in become.values() for need in found}
    made = plan.propose_initiative(
        by=by,
        title=title,
        summary=summary,
        needs=needs.values(),
        sources=[one for one in sources if one.id not in become],
        readers=_readers(gathered, sources),
        reason=reason,
        proposed_on=at.date() if at else None,
        submission_key=submission_key,
    )
    if takes_horizon and gathered.years and may_choose_horizon(by):
        words = horizon_words(gathered)
        plan.choose_horizon(by=by, initiative=made, years=gathered.years, motivation=words, at=at)
    return made


def may_choose_horizon(actor: Actor) -> bool:
    return actor.has(PROCESS_LEADER)


def horizon_words(gathered: dialog.Gathered) -> str:
    """Why: what the group said, else where it was said."""
    if gathered.motivation:
        return gathered.motivation
    words = {"session": gathered.session.title, "day": gathered.session.held_on.isoformat()}
    return _("Så placerade gruppen den i mötet ”%(session)s” %(day)s.") % words


def said_by(gathered: dialog.Gathered) -> str:
    """How many said it; empty where nobody wrote a note. Fewer than five are a few: so small a number points them out."""
    voices = len({one.participant_id for one in gathered.answers})
    if not voices:
        return ""
    if voices < dialog.SMALLEST_GROUP:
        return _("Sagt av några få i mötet")
    return _("Sagt av %(voices)s i mötet") % {"voices": count_noun(voices, _("deltagare"), _("deltagare"))}


def _sources(gathered: dialog.Gathered, by: Actor) -> list[Item]:
    """The notes' own items; the session's, where nobody wrote a note."""
    if not (by.kind == "system" or by.has(*MAY_ADOPT)) or gathered.session.owner_id != by.organisation:
        raise PermissionDenied(_("Du kan inte ta upp det här i planen."))
    return [dialog.lift_answer(one, by=by) for one in gathered.answers] or [gathered.session.item]


def _readers(gathered: dialog.Gathered, sources: list[Item]) -> set[UUID]:
    """Those who wrote the notes. The session's own readers are not among them: they hold no voice here."""
    return {reader for one in sources for reader in one.readers} if gathered.answers else set()
