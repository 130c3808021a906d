"""A workshop's VAD, VEM and HUR become an initiative in the plan, without retyping and with the trace from every answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from medskick.dialog import api as dialog
from medskick.kernel.organisations.actor import Actor
from medskick.kernel.people.roles import FACILITATOR, PROCESS_LEADER
from medskick.lib.templates import Template
from medskick.lib.text import shorten
from medskick.plan import api as plan

MAY_ADOPT = (PROCESS_LEADER, FACILITATOR)


@dataclass
class Written:
    """What the plan is given. values: by template and field id. shortened: labels of what did not fit in full."""

    values: dict[str, dict[str, str]] = field(default_factory=dict)
    shortened: list[str] = field(default_factory=list)


def adopt_initiative(
    *,
    by: Actor,
    answer: dialog.Answer,
    title: str = "",
    summary: str = "",
    reason: str = "",
    submission_key: UUID | None = None,
    proposed_on: date | None = None,
) -> plan.Initiative:
    """Make an initiative of the draft that `answer` is part of. Every answer in the chain gave rise to it.

    title: what the draft is called where it is left out. Errors: NotPossible where something that must be written is
    lacking, ValueError where the answer belongs to no draft.
    """
    if not (by.kind == "system" or (by.has(*MAY_ADOPT) and answer.owner_id == by.organisation)):
        raise PermissionDenied(_("Du kan inte göra en insats av det här utkastet."))
    chain = dialog.chain_of(answer)
    if chain is None:
        raise ValueError(_("Svaret är inte en del av något utkast till insats."))
    if not chain.complete:
        left = "; ".join(f"{short}: {' · '.join(labels)}" for short, labels in chain.lacking)
        raise dialog.NotPossible(_("Utkastet är inte komplett. Det här saknas: %(left)s.") % {"left": left})
    voices = [dialog.lift_answer(one.answer, by=by) for one in chain.parts]
    return plan.propose_initiative(
        by=by,
        title=title or chain.title,
        summary=summary,
        values=written_in(chain).values,
        sources=voices,
        # Whoever wrote a part of it may read what it became.
        readers={reader for voice in voices for reader in voice.readers},
        reason=reason,
        proposed_on=proposed_on,
        submission_key=submission_key,
    )


def written_in(chain: dialog.Chain) -> Written:
    """The chain's words by the plan's templates. The plan has one text a field, so several parts stand after each other.

    A target group or activity is told apart by its own first words, and a line that gets too long is cut there.
    """
    written = Written()
    for parts in ([chain.what], chain.who, chain.how):
        template = parts[0].template
        written.values[template.key] = {}
        for one in template.fields:
            text = _together(parts, template, one.id, "; " if one.kind == "line" else "\n\n")
            if len(text) > one.longest:
                written.shortened.append(one.label)
                text = shorten(text, one.longest) if one.kind == "line" else text[: one.longest - 1] + "…"
            if text:
                written.values[template.key][one.id] = text
    return written


def _together(parts: Sequence[dialog.Part], template: Template, name: str, between: str) -> str:
    said = [(one, str(one.answer.value["fields"].get(name, ""))) for one in parts]
    kept = [(one, text) for one, text in said if text]
    if len(parts) == 1 or name == template.fields[0].id:
        return between.join(text for _one, text in kept)
    return between.join(f"{shorten(one.heading, 60)}: {text}" for one, text in kept)
