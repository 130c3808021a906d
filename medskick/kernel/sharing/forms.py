from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import ChoiceCards, PlainForm
from medskick.kernel.documents.templates import document_templates
from medskick.kernel.records.models import Share
from medskick.kernel.sharing.effective import Change, EffectiveField, Own
from medskick.kernel.sharing.models import MAY_BECOME, AdoptionStatus
from medskick.kernel.sharing.queries import Receiver
from medskick.lib.dates import STOCKHOLM

LONGEST_VALUE, LONGEST_REASON = 20_000, 500


def reason_field(label: Any, *, required: bool, help_text: Any = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_REASON,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class ShareForm(PlainForm):
    """Whom a document is shared with, what they may do and until when."""

    with_whom = forms.ChoiceField(label=_("Dela med"))
    may = forms.ChoiceField(
        label=_("De får"),
        widget=ChoiceCards,
        initial=Share.ADOPT,
        choices=[
            (Share.READ, _("läsa")),
            (Share.COMMENT, _("läsa och kommentera")),
            (Share.ADOPT, _("läsa, kommentera och använda hos sig")),
        ],
    )
    until = forms.DateField(
        label=_("Till och med"),
        required=False,
        widget=forms.DateInput,
        help_text=_("Lämna tomt om delningen gäller tills vidare."),
    )

    def __init__(self, *args: Any, receivers: Sequence[Receiver], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.receivers = {one.key: one for one in receivers}
        self.fields["with_whom"].choices = [("", _("Välj")), *((one.key, one.label) for one in receivers)]

    def clean_until(self) -> datetime | None:
        """The moment when the last day is over, in Sweden."""
        day: date | None = self.cleaned_data["until"]
        if day is None:
            return None
        if day < timezone.localdate():
            raise forms.ValidationError(_("Dagen är redan förbi. Välj i dag eller en senare dag."))
        if day.year > timezone.localdate().year + 50:
            raise forms.ValidationError(_("Dagen ligger för långt fram. Lämna tomt om delningen gäller tills vidare."))
        return datetime.combine(day + timedelta(days=1), time(), STOCKHOLM)


class CatalogueForm(PlainForm):
    """What the catalogue says beside the text."""

    suits = forms.CharField(
        label=_("Passar för"),
        required=False,
        max_length=300,
        help_text=_("Till exempel: kommuner med egen räddningstjänst."),
    )
    cost = forms.CharField(
        label=_("Kostar"),
        required=False,
        max_length=300,
        help_text=_("Pengar eller tid för den som använder det. Skriv om det är gratis."),
    )
    contact = forms.CharField(
        label=_("Kontakt"),
        required=False,
        max_length=200,
        help_text=_("En funktion, till exempel en gemensam brevlåda. Inte någons privata uppgifter."),
    )


class ReasonForm(PlainForm):
    """Only a reason: to end a share, to stop following."""

    reason = reason_field(_("Varför?"), required=True)
    missing = {"reason": _("Skriv varför. Det sparas och kan läsas efteråt.")}


class CommentForm(PlainForm):
    text = forms.CharField(
        label=_("Din kommentar"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Läses av den som äger dokumentet och av er egen organisation."),
    )
    missing = {"text": _("Skriv vad du vill säga.")}


class StandForm(PlainForm):
    """The organisation's stand on what another shares."""

    WORDS = {
        AdoptionStatus.CONSIDERED: _("Vi överväger det"),
        AdoptionStatus.ADOPTED: _("Vi antar det"),
        AdoptionStatus.DECLINED: _("Vi avböjer det"),
    }
    status = forms.ChoiceField(label=_("Hur ställer ni er?"), widget=ChoiceCards)
    reason = reason_field(
        _("Varför?"), required=False, help_text=_("Behövs när ni avböjer. Läses av de andra kommunerna.")
    )
    openly = forms.BooleanField(
        label=_("Visa för invånarna att vi följer det"), required=False, help_text=_("Gäller när ni antar det.")
    )
    seen = forms.UUIDField(widget=forms.HiddenInput, required=False)
    missing = {"status": _("Välj hur ni ställer er.")}
    base_fields: dict[str, forms.Field]

    def __init__(self, *args: Any, now: str | None, fields: Sequence[EffectiveField] = (), **kwargs: Any) -> None:
        self.open_fields = [one for one in fields if not one.locked]
        # Before the form is made, so that these fields too are checked and dressed as all others are.
        self.base_fields = dict(self.base_fields)
        for position, one in enumerate(self.open_fields):
            self.base_fields |= self._ask(position, one)
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [(one, self.WORDS[one]) for one in MAY_BECOME[now] if one in self.WORDS]
        if AdoptionStatus.DECLINED not in MAY_BECOME[now]:
            self.fields["reason"].help_text = _("Läses av de andra kommunerna.")

    @property
    def marks_optional(self) -> bool:
        """What is needed depends on what is chosen; the help says it."""
        return False

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("status") == AdoptionStatus.DECLINED and not given.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Skriv varför ni avböjer. Det hjälper den som äger texten."))
        for position, one in enumerate(self.open_fields):
            needs_reason = one.mode == "default" and one.key in self.own
            if needs_reason and not given.get(f"why_{position}") and f"why_{position}" not in self.errors:
                self.add_error(
                    f"why_{position}", _("Skriv varför ni har en egen lydelse av ”%(label)s”.") % {"label": one.label}
                )
        return given

    @property
    def wordings(self) -> list[tuple[Any, Any]]:
        """The box and the reason of each field that may have a wording of one's own."""
        return [(self[f"own_{position}"], self[f"why_{position}"]) for position in range(len(self.open_fields))]

    @property
    def writes_own(self) -> bool:
        """Something is written there, or wrong there."""
        names = {f"{part}_{position}" for position in range(len(self.open_fields)) for part in ("own", "why")}
        return self.is_bound and bool(names & set(self.errors) or self.own)

    @property
    def own(self) -> dict[str, Own]:
        """What differs from the source, by field key, where the organisation adopts. An empty box is a wording too."""
        if self.cleaned_data.get("status") != AdoptionStatus.ADOPTED:
            return {}
        written: dict[str, Own] = {}
        for position, one in enumerate(self.open_fields):
            name = f"own_{position}"
            value = self.cleaned_data.get(name, "")
            if name in self.data and name not in self.errors and value.strip() != one.source_value.strip():
                written[one.key] = Own(value, self.cleaned_data.get(f"why_{position}", ""))
        return written

    def _ask(self, position: int, one: EffectiveField) -> dict[str, forms.Field]:
        box = forms.CharField(
            label=one.label,
            required=False,
            max_length=LONGEST_VALUE,
            initial=one.source_value,
            widget=forms.Textarea(attrs={"rows": 5}),
        )
        why = reason_field(
            _("Varför en egen lydelse av ”%(label)s”?") % {"label": one.label},
            required=False,
            rows=2,
            help_text=_("Behövs när ni ändrar texten.") if one.mode == "default" else _("Skriv om ni vill."),
        )
        return {f"own_{position}": box, f"why_{position}": why}


class OverrideForm(PlainForm):
    """The organisation's own wording of a field."""

    value = forms.CharField(
        label=_("Så står det hos oss"),
        required=False,
        max_length=LONGEST_VALUE,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Lämna tomt om det inte gäller hos er."),
        strip=True,
    )
    reason = reason_field(
        _("Varför?"), required=False, help_text=_("Läses av den som äger texten och av de andra kommunerna.")
    )

    @property
    def marks_optional(self) -> bool:
        """The help says what an empty field means."""
        return False

    def __init__(self, *args: Any, field: EffectiveField, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.field = field
        if field.mode == "default":
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = _("Skriv varför ni har en egen lydelse.")

    def clean_value(self) -> str:
        value: str = self.cleaned_data["value"]
        if value.strip() == self.field.source_value.strip():
            raise forms.ValidationError(
                _("Det står likadant hos källan. Ändra texten, eller gå tillbaka till källans.")
            )
        return value


class NewVersionForm(PlainForm):
    """Adopt a new version, with each own wording confirmed or dropped, or stay with the one that is followed."""

    ADOPT, STAY, KEEP, DROP = "adopt", "stay", "keep", "drop"
    base_fields: dict[str, forms.Field]
    stand = forms.ChoiceField(label=_("Hur ställer ni er till den nya versionen?"), widget=ChoiceCards)
    reason = reason_field(_("Varför?"), required=False, help_text=_("Behövs när ni stannar vid den version ni har."))
    missing = {"stand": _("Välj om ni antar den nya versionen.")}

    def __init__(self, *args: Any, found: Sequence[Change], number: str, now: str, **kwargs: Any) -> None:
        self.own = [one for one in found if one.own is not None]
        # Before the form is made, so that these fields too are checked and dressed as all others are.
        self.base_fields = dict(self.base_fields)
        for position, one in enumerate(self.own):
            if one.may_keep:
                self.base_fields |= self._ask(position, one)
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "reason"])
        self.fields["stand"].choices = [
            (self.ADOPT, _("Vi antar version %(number)s") % {"number": number}),
            (self.STAY, _("Vi stannar vid version %(number)s") % {"number": now}),
        ]

    @property
    def marks_optional(self) -> bool:
        """What is needed depends on what is chosen; the help says it."""
        return False

    def _ask(self, position: int, one: Change) -> dict[str, forms.Field]:
        keep = forms.ChoiceField(
            label=_("Er egen lydelse av ”%(label)s”") % {"label": one.label},
            required=False,
            widget=ChoiceCards,
            choices=[(self.KEEP, _("Behåll den")), (self.DROP, _("Gå över till källans"))],
            help_text=_("Behövs när ni antar den nya versionen."),
        )
        why = reason_field(
            _("Varför behåller ni er lydelse av ”%(label)s”?") % {"label": one.label},
            required=False,
            rows=2,
            help_text=_("Behövs när ni behåller den.") if one.reason_needed else _("Skriv om ni vill."),
        )
        why.initial = one.own.reason if one.own else ""
        return {f"own_{position}": keep, f"why_{position}": why}

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("stand") == self.STAY and not given.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Skriv varför ni stannar vid den version ni har."))
        if given.get("stand") == self.ADOPT:
            for position, one in enumerate(self.own):
                self._check(position, one)
        return given

    def _check(self, position: int, one: Change) -> None:
        if not one.may_keep:
            return
        chosen = self.cleaned_data.get(f"own_{position}")
        if not chosen and f"own_{position}" not in self.errors:
            self.add_error(
                f"own_{position}", _("Välj om ni behåller er egen lydelse av ”%(label)s”.") % {"label": one.label}
            )
        if chosen == self.KEEP and one.reason_needed and not self.cleaned_data.get(f"why_{position}"):
            self.add_error(
                f"why_{position}", _("Skriv varför ni behåller er lydelse av ”%(label)s”.") % {"label": one.label}
            )

    @property
    def kept(self) -> dict[str, str]:
        """The reason of each own wording that is carried over, by field key."""
        return {
            one.key: self.cleaned_data.get(f"why_{position}", "")
            for position, one in enumerate(self.own)
            if one.may_keep and self.cleaned_data.get(f"own_{position}") == self.KEEP
        }


class CatalogueFilter(PlainForm):
    """What to show of the catalogue."""

    uses_submission_key = False
    q = forms.CharField(label=_("Ord i rubriken"), required=False, max_length=100)
    sort = forms.ChoiceField(label=_("Sort"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        templates = [(one.key, one.label) for one in document_templates().values()]
        self.fields["sort"].choices = [("", _("Alla sorter")), *templates]
