"""VAD, VEM and HUR: the three descriptions of an initiative, written in a workshop in the plan's own templates.

An answer to VAD is a draft of an initiative. Each answer to VEM or HUR carries one such draft on (Answer.about), so a
draft has as many target groups and activities as the workshop finds. Incomplete drafts are kept, and say what they lack.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.design.forms import PlainForm
from medskick.design.parts import Column, Table
from medskick.dialog.questions.contract import Outcome, QuestionKind, Size, Value
from medskick.dialog.questions.goal_areas import area_label, chosen_areas
from medskick.dialog.questions.kinds.needs_by_area import areas_field
from medskick.dialog.sessions.models import Answer, LiveSession, Participant, Step
from medskick.dialog.sessions.steps.contract import StepType
from medskick.dialog.sessions.steps.sources import SETTING, offer_steps, source_field, source_of, with_kind
from medskick.kernel.organisations.actor import system
from medskick.kernel.organisations.scope import scope
from medskick.lib.templates import Template, find_template
from medskick.lib.text import clean_text, shorten

WHAT, WHO, HOW = "what", "who", "how"
TEMPLATES = {WHAT: "insats", WHO: "malgrupp", HOW: "aktivitet"}
LONGEST_TITLE = 120
MOST = {WHAT: 5, WHO: 15, HOW: 15}


@dataclass(frozen=True, slots=True)
class Part:
    """One filled-in template. answers: label and words of each field that has any. missing: labels of those it needs."""

    answer: Answer
    template: Template
    answers: list[tuple[str, str]]
    missing: list[str]

    @property
    def heading(self) -> str:
        return self.answers[0][1] if self.answers else self.template.label


@dataclass(frozen=True, slots=True)
class Chain:
    """A draft of an initiative with its target groups and activities."""

    what: Part
    who: list[Part] = field(default_factory=list)
    how: list[Part] = field(default_factory=list)

    @property
    def title(self) -> str:
        return str(self.what.answer.value.get("title", ""))

    @property
    def area(self) -> str:
        return area_label(str(self.what.answer.value.get("area", "")))

    @property
    def parts(self) -> list[Part]:
        return [self.what, *self.who, *self.how]

    @property
    def lacking(self) -> list[tuple[str, list[str]]]:
        """What is left to write, by VAD, VEM and HUR."""
        left = [(one.template.short, one.missing) for one in self.parts if one.missing]
        for kind, found in ((WHO, self.who), (HOW, self.how)):
            if not found:
                left.append((template_for(kind).short, [_("inget är skrivet än")]))
        return left

    @property
    def complete(self) -> bool:
        return not self.lacking


def template_for(kind: str) -> Template:
    return find_template(TEMPLATES[kind])


def part_of(answer: Answer) -> Part:
    template, written = template_for(answer.step.kind), answer.value.get("fields", {})
    answers = [(one.label, written[one.id]) for one in template.fields if written.get(one.id, "").strip()]
    return Part(answer, template, answers, [one.label for one in template.missing(written)])


def what_step(step: Step) -> Step | None:
    """The VAD that a step carries on; itself, for a VAD."""
    return step if step.kind == WHAT else source_of(step, with_kind(WHAT))


def chains_of(step: Step) -> list[Chain]:
    """The drafts that a step makes or carries on, oldest first, as far as the reader may read them. Three queries."""
    source = what_step(step)
    return chains(Answer.objects.filter(step=source).shown().in_order()) if source else []


def chain_of(answer: Answer) -> Chain | None:
    """The chain that an answer to VAD, VEM or HUR is part of; None for any other answer."""
    if answer.step.kind not in TEMPLATES:
        return None
    first = answer.id if answer.step.kind == WHAT else answer.about_id
    found = chains(Answer.objects.filter(id=first, step__kind=WHAT).shown())
    return found[0] if found else None


def chains(whats: Iterable[Answer]) -> list[Chain]:
    drafts = list(Answer.objects.filter(id__in=[one.id for one in whats]).select_related("step").in_order())
    carried = Answer.objects.filter(about__in=drafts, step__kind__in=(WHO, HOW)).shown().select_related("step")
    found = {one.id: Chain(part_of(one)) for one in drafts}
    for one in carried.in_order():
        chain = found[one.about_id]
        (chain.who if one.step.kind == WHO else chain.how).append(part_of(one))
    return list(found.values())


def drafts_to_carry_on(step: Step) -> list[tuple[UUID, str]]:
    """Id and title of each draft that stands on the wall; no more than that is read for a phone."""
    with scope(system(step.session.owner_id, channel="web").scope()):
        source = what_step(step)
        if source is None or step.kind == WHAT:
            return []
        drafts = Answer.objects.filter(step=source).shown().in_order()
        return [(one.id, str(one.value.get("title") or one.text)) for one in drafts]


class DescriptionForm(PlainForm):
    """One description. Nothing but a name is needed to save it; what is missing is told."""

    missing: ClassVar[Mapping[str, Any]] = {
        "title": gettext_lazy("Ge insatsen ett namn, så att ni hittar den i nästa steg."),
        "about": gettext_lazy("Välj vilken insats det gäller."),
    }
    marks_optional = False  # a half description is saved too; what may wait is folded
    slot_number = forms.IntegerField(min_value=0, max_value=99, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        apart = {"slot_number", "submission_key", "about", "area"}
        if not self.errors and not any(cleaned.get(name) for name in self.fields if name not in apart):
            raise forms.ValidationError(_("Skriv i minst en av rutorna. Du kan fylla i resten senare."))
        return cleaned


class Description(QuestionKind):
    """A description in one of the three templates. What it carries on stands in the session, so only sessions ask it."""

    def __init__(self, kind: str) -> None:
        self.key, self.most = kind, MOST[kind]

    @property
    def template(self) -> Template:
        return template_for(self.key)

    def answer_form(self, asked: Any, data: Any = None, *, given: Sequence[Value] = ()) -> PlainForm:
        return self.form(asked, data, value=given[0] if given else None, slot=0)

    def form(self, asked: Any, data: Any = None, *, value: Value | None = None, slot: int = 0) -> PlainForm:
        """The form of one description; `slot` is the phone's own number for it."""
        before = value or {}
        form = DescriptionForm(data, initial={"slot_number": slot})
        if self.key == WHAT:
            form.add_fields(_what_fields(asked, before))
        else:
            form.add_fields(_about_fields(asked, before, self.template))
        form.add_fields(_template_fields(self.template, before.get("fields", {})))
        form.folds = [(_("Mer, som kan vänta"), [one.id for one in self.template.fields if not one.required])]
        return form

    def slot(self, form: PlainForm) -> int | None:
        return form.cleaned_data.get("slot_number") or 0

    def values(self, asked: Any, form: PlainForm) -> list[Value]:
        given = form.cleaned_data
        value: dict[str, Any] = {"template": self.template.key, "version": self.template.version}
        value["fields"] = {one.id: given[one.id] for one in self.template.fields if given.get(one.id)}
        value |= {name: given[name] for name in ("title", "area", "about") if given.get(name)}
        return [value]

    def clean(self, asked: Any, value: Value) -> Value:
        if not isinstance(value, dict) or not isinstance(value.get("fields"), dict):
            raise ValueError(_("Skriv i minst en av rutorna. Du kan fylla i resten senare."))
        self.template.refuse_unknown(value["fields"])
        longest = {one.id: one.longest for one in self.template.fields}
        fields = {
            name: clean_text(str(text), max_length=longest[name]).strip() for name, text in value["fields"].items()
        }
        kept: dict[str, Any] = {"template": self.template.key, "version": self.template.version}
        kept["fields"] = {name: text for name, text in fields.items() if text}
        title = " ".join(clean_text(str(value.get("title", "")), max_length=LONGEST_TITLE).split())
        if self.key == WHAT:
            if not title:
                raise ValueError(_("Ge insatsen ett namn, så att ni hittar den i nästa steg."))
            area = value.get("area", "")
            if area and area not in {one.key for one in chosen_areas(asked.settings.get("areas"))}:
                raise ValueError(_("Det målområdet finns inte att välja. Välj ett i listan."))
            return kept | {"title": title} | ({"area": area} if area else {})
        if not kept["fields"]:
            raise ValueError(_("Skriv i minst en av rutorna. Du kan fylla i resten senare."))
        return kept | _about(asked, value.get("about"))

    def words(self, asked: Any, value: Value) -> str:
        if value.get("title"):
            return str(value["title"])
        written = value.get("fields", {})
        first = next((written[one.id] for one in self.template.fields if written.get(one.id)), self.template.label)
        return shorten(first.partition("\n")[0], 300)

    def outcome(self, asked: Any, values: Sequence[Value], *, size: Size = "page") -> Outcome:
        rows = [[self.words(asked, one), " · ".join(_missing(self.template, one)) or _("komplett")] for one in values]
        return Outcome(_finding(len(rows)), Table(asked.text, [Column(self.template.label), Column(_("Saknas"))], rows))

    def columns(self, asked: Any) -> list[str]:
        first = [_("Insats"), _("Målområde")] if self.key == WHAT else [_("Gäller insatsen")]
        return [*first, *(one.label for one in self.template.fields), _("Mall")]

    def cells(self, asked: Any, value: Value) -> list[Any]:
        written = value.get("fields", {})
        first = (
            [value.get("title", ""), area_label(value.get("area", ""))]
            if self.key == WHAT
            else [value.get("called", "")]
        )
        fields = [written.get(one.id, "") for one in self.template.fields]
        return [*first, *fields, f"{value.get('template', '')} {value.get('version', '')}"]


class DescriptionStep(StepType):
    """VAD, VEM or HUR as a step: on phones by one of each group, or by the recorder on the facilitator's page."""

    phone_template = "dialog/steps/phone/description.html"
    presenter_template = "dialog/steps/presenter/descriptions.html"
    facilitator_template = "dialog/steps/facilitator/descriptions.html"
    paper_template = "dialog/steps/paper/description.html"
    question: Description

    def settings_fields(self) -> Mapping[str, forms.Field]:
        if self.key == WHAT:
            return {"areas": areas_field()}
        return {SETTING: source_field(gettext_lazy("Vilket stegs insatser gäller det?"))}

    def offer_choices(self, fields: Mapping[str, forms.Field], session: LiveSession, step: Step | None) -> None:
        if self.key != WHAT:
            offer_steps(fields, session, step, with_kind(WHAT))

    def read_settings(self, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        name = "areas" if self.key == WHAT else SETTING
        return {name: cleaned[name]} if cleaned.get(name) else {}

    def carries_on(self, step: Step, value: Value) -> UUID | None:
        return UUID(value["about"]) if value.get("about") else None

    def outcome(self, step: Step, answers: Sequence[Answer], *, size: Size = "page") -> Outcome:
        """Each draft of the step with what it lacks, or where drafts cannot be read each answer by itself."""
        found = chains(answers) if step.kind == WHAT else chains_of(step)
        if not found:
            return self.question.outcome(step, [one.value for one in answers])
        whole = sum(one.complete for one in found)
        finding = _("%(whole)s av %(all)s insatser är kompletta") % {"all": len(found), "whole": whole}
        if size == "phone":
            short = [[one.title, stand_words(one)] for one in found]
            return Outcome(finding, Table(step.text, [Column(_("Insats")), Column(_("Läget"))], short))
        columns = [Column(_("Insats")), Column(_("Målområde")), Column(_("VEM"), numeric=True)]
        columns += [Column(_("HUR"), numeric=True), Column(_("Saknas"))]
        rows = [
            [one.title, one.area or _("inte valt"), len(one.who), len(one.how), lacking_words(one)] for one in found
        ]
        return Outcome(finding, Table(step.text, columns, rows))

    def phone_context(self, request: HttpRequest, step: Step, participant: Participant | None) -> Mapping[str, Any]:
        """Own descriptions, and a form for the one that was asked for, else for the next."""
        own = {} if participant is None else {one.slot: one for one in _own(step, participant)}
        free = next((slot for slot in range(self.question.most) if slot not in own), None)
        asked_for = request.GET.get("plats", "")
        slot = int(asked_for) if asked_for.isascii() and asked_for.isdecimal() and len(asked_for) < 3 else None
        context: dict[str, Any] = {
            "own": [(one.slot, part_of(one)) for one in own.values()],
            "free": free,
            "template_label": self.question.template.label,
            "phone_key": f"{step.id}-{slot if slot is not None else free}",
        }
        if request.method == "POST":
            return context | {"writes": True}
        chosen = slot if slot in own or slot == free else None
        chosen = free if chosen is None and not own else chosen
        value = own[chosen].value if chosen in own else None
        form = self.question.form(step, value=value, slot=chosen or 0)
        return context | {"writes": chosen is not None, "form": form, "changes": value is not None}

    def presenter_context(self, step: Step) -> Mapping[str, Any]:
        return {"chains": chains_of(step), "part": self.key, "hides_progress": True}

    def facilitator_context(self, request: HttpRequest, step: Step) -> Mapping[str, Any]:
        return {"chains": chains_of(step), "part": self.key, "loose": loose_parts(step), "hides_progress": True}

    def paper_context(self, step: Step) -> Mapping[str, Any]:
        return {"description": self.question.template, "areas": chosen_areas(step.settings.get("areas"))}


def stand_words(chain: Chain) -> str:
    """How far a draft has come, in the room of a phone."""
    if chain.complete:
        return _("komplett")
    return _("saknar i %(parts)s") % {"parts": ", ".join(dict.fromkeys(short for short, _labels in chain.lacking))}


def lacking_words(chain: Chain) -> str:
    return "; ".join(f"{short}: {' · '.join(labels)}" for short, labels in chain.lacking) or _("inget")


def loose_parts(step: Step) -> list[Part]:
    """Target groups and activities that carry no draft on."""
    if step.kind == WHAT:
        return []
    loose = Answer.objects.filter(step=step, about__isnull=True).shown().select_related("step")
    return [part_of(one) for one in loose.in_order()]


def _own(step: Step, participant: Participant) -> Iterable[Answer]:
    own = Answer.objects.standing().filter(step=step, participant=participant)
    return own.select_related("step").order_by("slot")


def _what_fields(step: Any, before: Mapping[str, Any]) -> dict[str, forms.Field]:
    offered = [("", _("Inte bestämt")), *((one.key, one.label) for one in chosen_areas(step.settings.get("areas")))]
    return {
        "title": forms.CharField(
            label=_("Vad kallar ni insatsen?"),
            max_length=LONGEST_TITLE,
            initial=before.get("title", ""),
            help_text=_("Kort, med ord som alla förstår."),
            widget=forms.TextInput,
        ),
        "area": forms.ChoiceField(
            label=_("Vilket målområde hör den till?"),
            choices=offered,
            required=False,
            initial=before.get("area", ""),
            widget=forms.Select,
        ),
    }


def _about_fields(step: Any, before: Mapping[str, Any], template: Template) -> dict[str, forms.Field]:
    drafts = drafts_to_carry_on(step)
    if not drafts:
        return {}
    return {
        "about": forms.ChoiceField(
            label=_("Vilken insats gäller det?"),
            choices=[("", _("Välj insats")), *((str(key), title) for key, title in drafts)],
            initial=before.get("about", str(drafts[0][0]) if len(drafts) == 1 else ""),
            widget=forms.Select,
        )
    }


def _template_fields(template: Template, written: Mapping[str, str]) -> dict[str, forms.Field]:
    """A field for each of the template's; none is required to save."""
    made: dict[str, forms.Field] = {}
    for one in template.fields:
        widget = forms.Textarea({"rows": 3}) if one.kind == "text" else forms.TextInput
        made[one.id] = forms.CharField(
            label=one.label,
            help_text=one.help,
            max_length=one.longest,
            required=False,
            initial=written.get(one.id, ""),
            widget=widget,
        )
    return made


def _about(step: Any, about: Any) -> dict[str, str]:
    """Which draft is carried on, with its name; nothing where there is none to choose."""
    drafts = {str(key): title for key, title in drafts_to_carry_on(step)}
    if not drafts:
        return {}
    if not about:
        raise ValueError(_("Välj vilken insats det gäller."))
    if str(about) not in drafts:
        raise ValueError(_("Den insatsen visas inte längre. Välj en annan i listan."))
    return {"about": str(about), "called": drafts[str(about)]}


def _missing(template: Template, value: Value) -> list[str]:
    return [one.label for one in template.missing(value.get("fields", {}))]


def _finding(count: int) -> str:
    return _("%(count)s beskrivningar") % {"count": count} if count else _("Inga beskrivningar än")
