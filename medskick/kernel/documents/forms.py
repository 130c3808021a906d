"""Forms of documents. They clean what was typed; the verbs decide."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import ChoiceCards, ManyChoiceCards, PlainForm
from medskick.kernel.documents.actions.fixing import Openness
from medskick.kernel.documents.models import ReferralAnswer
from medskick.kernel.organisations.models import Network
from medskick.kernel.organisations.places import Place
from medskick.kernel.records.classes import AXES, Classes, scheme, secrecy_marks
from medskick.kernel.records.models import Level

LONGEST_FIELD = 20_000
PREFIX = "field_"
AXIS_LABELS = {
    "confidentiality": _("Hur känsligt är det om fel person läser?"),
    "integrity": _("Hur viktigt är det att texten är rätt?"),
    "availability": _("Hur viktigt är det att den alltid går att nå?"),
}
MARK_HELP = _("Paragrafen, till exempel %s. Kontrollera mot lagen som gäller i dag.")


class FieldsForm(PlainForm):
    """Title and one box for each field of a template or a version."""

    base_fields: dict[str, forms.Field]

    title = forms.CharField(label=_("Rubrik"), max_length=200)

    def __init__(self, *args: Any, fields: Sequence[dict[str, str]], **kwargs: Any) -> None:
        # PlainForm dresses the fields when it begins, so they must be there by then.
        self.declared_keys = [field["key"] for field in fields]
        self.base_fields = (
            {"title": self.base_fields["title"]}
            | {
                f"{PREFIX}{field['key']}": forms.CharField(
                    label=field["label"],
                    help_text=field.get("help", ""),
                    max_length=LONGEST_FIELD,
                    required=False,
                    widget=forms.Textarea(attrs={"rows": 6}),
                )
                for field in fields
            }
            | {name: field for name, field in self.base_fields.items() if name != "title"}
        )
        super().__init__(*args, **kwargs)

    @property
    def marks_optional(self) -> bool:
        return False

    @property
    def values(self) -> dict[str, str]:
        return {key: self.cleaned_data.get(f"{PREFIX}{key}", "") for key in self.declared_keys}


class NewDocumentForm(FieldsForm):
    """A new document: what it says, who works with it, when it is looked over."""

    level = forms.ChoiceField(
        label=_("Vem får läsa medan det är ett utkast?"),
        choices=[(Level.ORGANISATION, _("Alla som arbetar här")), (Level.UNIT, _("Bara min enhet"))],
        widget=ChoiceCards,
        initial=Level.ORGANISATION,
    )
    network = forms.ModelChoiceField(
        label=_("Hör det till ett nätverk?"),
        queryset=Network.objects.none(),
        required=False,
        empty_label=_("Nej, inget nätverk"),
    )
    review_by = forms.DateField(
        label=_("När ska det ses över?"),
        widget=forms.DateInput,
        required=False,
        help_text=_("Du får en uppgift i Min dag den dagen."),
    )

    def __init__(self, *args: Any, networks: Any, has_unit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["network"].queryset = networks
        if not has_unit:
            self.fields["level"].choices = self.fields["level"].choices[:1]


class DraftForm(FieldsForm):
    """The next decimal. `based_on` is the version that was open when the writing began."""

    reason = forms.CharField(label=_("Vad har du ändrat, och varför?"), max_length=300)
    based_on = forms.UUIDField(widget=forms.HiddenInput)


class FixForm(PlainForm):
    """Fix a version."""

    reason = forms.CharField(
        label=_("Varför fastställs den?"), max_length=300, help_text=_("Till exempel ”Beslut i kommunstyrelsen § 12”.")
    )
    openness = forms.ChoiceField(
        label=_("Vem ska få läsa den?"), choices=Openness.choices, widget=ChoiceCards, initial=Openness.PUBLIC
    )
    why_not = forms.CharField(
        label=_("Om inte alla får läsa: varför?"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    secrecy = forms.CharField(label=_("Om sekretess gäller: vilken paragraf?"), max_length=60, required=False)
    based_on = forms.UUIDField(widget=forms.HiddenInput)

    fieldsets = [(_("Vem får läsa"), ["openness", "why_not", "secrecy"])]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_marks(self.fields["secrecy"])

    @property
    def marks_optional(self) -> bool:
        return False

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("openness") != Openness.PUBLIC and not given.get("why_not"):
            self.add_error("why_not", _("Skriv varför inte alla får läsa versionen."))
        if given.get("openness") == Openness.WITHHELD and not given.get("secrecy"):
            self.add_error("secrecy", _("Skriv vilken paragraf sekretessen bygger på."))
        return given


class ClosedForm(PlainForm):
    """A fixed version is not opened, and why."""

    why_not = forms.CharField(
        label=_("Varför ska inte alla få läsa den?"), max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )
    secrecy = forms.CharField(label=_("Gäller sekretess? Vilken paragraf?"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_marks(self.fields["secrecy"])


class NoteForm(PlainForm):
    """A few words: what was found, why."""

    note = forms.CharField(label=_("Vad såg du?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, label: Any = None, help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label is not None:
            self.fields["note"].label = label
            self.fields["note"].help_text = help_text
            self._speak_plainly("note", self.fields["note"])


class ReviewForm(PlainForm):
    """Look a document over: it stands, and when next."""

    note = forms.CharField(
        label=_("Vad kom du fram till?"),
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Skriv så att någon annan förstår varför inget ändras."),
    )
    next_review = forms.DateField(label=_("När ska det ses över nästa gång?"), widget=forms.DateInput)


class KeepingForm(PlainForm):
    """Who sees to the document, and where the information is kept."""

    review_by = forms.DateField(label=_("När ska det ses över?"), widget=forms.DateInput, required=False)
    responsible = forms.ChoiceField(label=_("Vem ansvarar för det?"), required=False)
    storage = forms.ChoiceField(label=_("Var finns informationen?"))

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].choices = [("", _("Ingen utpekad")), *people]
        self.fields["storage"].choices = list(scheme(timezone.localdate()).storage.items())


class ReceiversForm(PlainForm):
    """Choose other organisations."""

    receivers = forms.MultipleChoiceField(label=_("Vilka?"), widget=ManyChoiceCards)

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receivers"].choices = [(str(place.id), place.short_name) for place in places]

    @property
    def organisations(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data["receivers"]]


class LendingForm(ReceiversForm):
    """Let others read a working paper."""

    reason = forms.CharField(
        label=_("Varför får de läsa?"), max_length=300, help_text=_("Anledningen står i versionens historik.")
    )
    field_order = ["receivers", "reason"]


class CirculationForm(ReceiversForm):
    """Send on remiss."""

    answer_by = forms.DateField(label=_("När vill ni ha svar?"), widget=forms.DateInput)
    message = forms.CharField(
        label=_("Vad vill ni säga till dem?"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    questions = forms.CharField(
        label=_("Har ni särskilda frågor?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_("En fråga på varje rad, högst tio."),
    )

    def clean_questions(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["questions"].split("\n") if line.strip()]
        if len(lines) > 10:
            raise forms.ValidationError(
                _("Det är %(count)s frågor. Korta till högst tio."), params={"count": len(lines)}
            )
        return lines


class ReplyForm(PlainForm):
    """Answer a remiss: where one stands, why, and the sender's own questions."""

    base_fields: dict[str, forms.Field]

    stance = forms.ChoiceField(label=_("Vad säger ni?"), choices=ReferralAnswer.Stance.choices, widget=ChoiceCards)
    text = forms.CharField(label=_("Ert svar"), max_length=LONGEST_FIELD, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args: Any, questions: Sequence[str], **kwargs: Any) -> None:
        self.base_fields = dict(self.base_fields) | {
            f"answer_{number}": forms.CharField(
                label=question, max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
            )
            for number, question in enumerate(questions)
        }
        self.count = len(questions)
        super().__init__(*args, **kwargs)

    @property
    def answers(self) -> list[str]:
        return [self.cleaned_data.get(f"answer_{number}", "") for number in range(self.count)]


class MoreTimeForm(PlainForm):
    """Ask for a later day."""

    day = forms.DateField(label=_("Vilken dag kan ni svara?"), widget=forms.DateInput)
    reason = forms.CharField(
        label=_("Varför behöver ni mer tid?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class TimeVerdictForm(PlainForm):
    """Say yes or no to more time."""

    YES, NO = "yes", "no"
    verdict = forms.ChoiceField(
        label=_("Får de mer tid?"),
        choices=[(YES, _("Ja, till den dag som de bad om")), (NO, _("Nej"))],
        widget=ChoiceCards,
    )
    reason = forms.CharField(label=_("Om nej: varför?"), max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("verdict") == self.NO and not given.get("reason"):
            self.add_error("reason", _("Skriv varför de inte får mer tid."))
        return given


class ClassificationForm(PlainForm):
    """The class in words, never in bare numbers."""

    base_fields: dict[str, forms.Field]

    secrecy = forms.CharField(label=_("Gäller sekretess? Vilken paragraf?"), max_length=60, required=False)
    reason = forms.CharField(label=_("Varför ändras klassningen?"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        edition = scheme(timezone.localdate())
        self.base_fields = {
            axis: forms.TypedChoiceField(
                label=AXIS_LABELS[axis],
                choices=[(str(one.level), f"{one.label.capitalize()}. {one.meaning}") for one in edition.levels[axis]],
                coerce=int,
                widget=ChoiceCards,
            )
            for axis in AXES
        } | dict(self.base_fields)
        super().__init__(*args, **kwargs)
        offer_marks(self.fields["secrecy"])

    @property
    def marks_optional(self) -> bool:
        return False

    @property
    def classes(self) -> Classes:
        given = self.cleaned_data
        return Classes(**{axis: given[axis] for axis in AXES}, secrecy=given["secrecy"])


def offer_marks(field: Any) -> None:
    """Common marks as a list to choose from while typing; any other text is as good."""
    field.widget.attrs["list"] = "secrecy-marks"
    field.help_text = str(MARK_HELP) % secrecy_marks(timezone.localdate())[0][0]
