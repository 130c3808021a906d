"""The earlier step of the same session that a step takes its material from."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.dialog.sessions.models import Cluster, LiveSession, Step

SETTING = "from_step"


def with_kind(*kinds: str) -> Callable[[QuerySet[Step]], QuerySet[Step]]:
    return lambda steps: steps.filter(kind__in=kinds)


def with_clusters(steps: QuerySet[Step]) -> QuerySet[Step]:
    """Steps whose notes are put together in groups."""
    grouped = Exists(Cluster.objects.filter(step=OuterRef("pk")))
    return steps.exclude(kind="horizons").filter(grouped) | steps.filter(kind="post_its")


def with_answers(steps: QuerySet[Step]) -> QuerySet[Step]:
    """Steps in which somebody says something."""
    return steps.exclude(kind="presentation")


NEAREST = gettext_lazy("Närmast före i programmet")


def source_field(label: Any) -> forms.Field:
    """The setting that names the step; without an answer it is the nearest one before."""
    return forms.ChoiceField(label=label, choices=[("", NEAREST)], required=False)


def offer_steps(
    fields: Mapping[str, forms.Field],
    session: LiveSession,
    step: Step | None,
    fitting: Callable[[QuerySet[Step]], QuerySet[Step]],
) -> None:
    """Let the setting name any fitting step of the session that stands before."""
    field: Any = fields[SETTING]
    field.choices = [
        *field.choices,
        *(
            (str(one.id), _("Steg %(number)s: %(text)s") % {"number": one.position, "text": one.text})
            for one in _before(session, step, fitting)
        ),
    ]


def read_source(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The setting as it is stored; nothing where the nearest step is meant."""
    return {SETTING: cleaned[SETTING]} if cleaned.get(SETTING) else {}


def source_of(step: Step, fitting: Callable[[QuerySet[Step]], QuerySet[Step]]) -> Step | None:
    """The step that was named, while it stands in this session; else the nearest fitting one before."""
    before = list(_before(step.session, step, fitting))
    named = str(step.settings.get(SETTING, ""))
    return next((one for one in before if str(one.id) == named), before[-1] if before else None)


def _before(
    session: LiveSession, step: Step | None, fitting: Callable[[QuerySet[Step]], QuerySet[Step]]
) -> Iterable[Step]:
    steps = fitting(Step.objects.filter(session=session)).order_by("position").distinct()
    return steps if step is None else steps.filter(position__lt=step.position)
