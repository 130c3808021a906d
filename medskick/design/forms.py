"""Forms that answer in plain words: base classes for every form, and the renderer that settings point at.

What a form does by itself: tidies line ends and letters (NFC), refuses NUL and other control characters, has a highest
length on every text, says in plain Swedish what to do about each fault, gives back what was typed, and carries a
submission key, so that a form sent twice can be known as one.
"""

import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.forms.renderers import DjangoTemplates
from django.http import QueryDict
from django.template.loader import get_template
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medskick.lib.numbers import parse_number
from medskick.lib.text import clean_text

LONGEST_TEXT = 5000
UNREADABLE = "\ufffd"  # what the server puts where bytes were not letters in UTF-8


class Renderer(DjangoTemplates):
    """Django's own widgets, and our templates for forms and fields, found by the project's engine with its tags."""

    form_template_name = "design/components/form_fields.html"
    field_template_name = "design/components/field.html"

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith("design/"):
            return get_template(template_name)
        return super().get_template(template_name)


class ChoiceCards(forms.RadioSelect):
    """Few choices as large cards, easy to hit with a thumb."""

    as_cards = True


class ManyChoiceCards(forms.CheckboxSelectMultiple):
    """Several of few choices, as large cards."""

    as_cards = True


class NumberField(forms.DecimalField):
    """A number as people write it: decimal comma, spaces between thousands."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        if isinstance(value, str):
            try:
                return parse_number(value)
            except ValueError as error:
                raise ValidationError(str(error), code="invalid") from error
        return super().to_python(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {**super().widget_attrs(widget), "inputmode": "decimal"}


def refuse_unreadable(text: Any) -> None:
    """Validator: no control characters, no half letters."""
    if not isinstance(text, str):
        return
    if UNREADABLE in text:
        raise ValidationError(gettext("Några tecken gick inte att läsa. De visas som ”�”. Skriv dem en gång till."))
    try:
        clean_text(text)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _tidied(data: Any) -> Any:
    """A copy of what was sent, with line feeds only and letters in one form (NFC)."""
    if not isinstance(data, Mapping) or not data:
        return data
    copy: Any = QueryDict(mutable=True) if isinstance(data, QueryDict) else {}
    for name in data:
        values = data.getlist(name) if isinstance(data, QueryDict) else data[name]
        if isinstance(data, QueryDict):
            copy.setlist(name, [_tidy(value) for value in values])
        else:
            copy[name] = _tidy(values)
    return copy


def _tidy(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))


def _missing_words(field: forms.Field, label: str) -> str:
    """What to say when a required field is empty."""
    if isinstance(field, forms.FileField):
        return gettext("Välj en fil i rutan ”%(label)s”.") % {"label": label}
    if isinstance(field, forms.BooleanField):
        return gettext("Kryssa i ”%(label)s” för att gå vidare.") % {"label": label}
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return gettext("Välj ett svar: ”%(label)s”.") % {"label": label}
    if label.endswith("?"):
        return gettext("Svara på frågan ”%(label)s”.") % {"label": label}
    return gettext("Fyll i rutan ”%(label)s”.") % {"label": label}


_WORDS: dict[str, Any] = {
    "max_length": _("Texten är %(show_value)d tecken. Korta den till högst %(limit_value)d."),
    "min_length": _("Texten är %(show_value)d tecken. Skriv minst %(limit_value)d."),
    "max_value": _("Talet är för stort. Skriv högst %(limit_value)s."),
    "min_value": _("Talet är för litet. Skriv minst %(limit_value)s."),
    "invalid_choice": _("Det svaret finns inte att välja. Välj något av svaren i listan."),
    "invalid_list": _("Välj något av svaren i listan."),
    "empty": _("Filen är tom. Välj en annan fil."),
    "missing": _("Filen kom inte fram. Välj den en gång till."),
}
_INVALID: list[tuple[type[forms.Field], Any]] = [
    (forms.EmailField, _("Skriv en e-postadress, till exempel namn@exempel.se.")),
    (forms.URLField, _("Skriv en webbadress, till exempel https://www.exempel.se.")),
    (forms.DateTimeField, _("Skriv dag och klockslag, till exempel 2026-12-31 14:05.")),
    (forms.DateField, _("Skriv en dag som finns, till exempel 2026-12-31.")),
    (forms.TimeField, _("Skriv ett klockslag, till exempel 14:05.")),
    (forms.IntegerField, _("Skriv ett heltal med siffror, till exempel 12.")),
    (forms.UUIDField, _("Ladda om sidan och försök igen.")),
]


class PlainMixin:
    """What every form of ours does; use PlainForm or PlainModelForm."""

    uses_submission_key: ClassVar[bool] = True
    fieldsets: ClassVar[Sequence[tuple[Any, Sequence[str]]]] = ()
    folds: Sequence[tuple[Any, Sequence[str]]] = ()
    missing: ClassVar[Mapping[str, Any]] = {}
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(_tidied(data), *args, **kwargs)  # type: ignore[call-arg]
        self.use_required_attribute = False
        for name, field in self.fields.items():
            self._speak_plainly(name, field)
            _dress(field)
        if self.uses_submission_key and "submission_key" not in self.fields:
            hidden = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)
            self.fields["submission_key"] = hidden

    def add_fields(self, fields: Mapping[str, forms.Field]) -> None:
        """More fields, that are known first when the form is made; they speak and look as the others do."""
        for name, field in fields.items():
            self._speak_plainly(name, field)
            _dress(field)
            self.fields[name] = field

    def _speak_plainly(self, name: str, field: forms.Field) -> None:
        label = str(field.label or name.replace("_", " ").capitalize())
        words = {**_WORDS, "required": self.missing.get(name) or _missing_words(field, label)}
        invalid = next((text for kind, text in _INVALID if isinstance(field, kind)), None)
        if invalid:
            words["invalid"] = invalid
        field.error_messages.update(words)
        if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField):
            others = [one for one in field.validators if not isinstance(one, ProhibitNullCharactersValidator)]
            field.validators = [refuse_unreadable, *others]
            if field.max_length is None:
                field.max_length = LONGEST_TEXT
                field.validators.append(MaxLengthValidator(LONGEST_TEXT))

    def clean_submission_key(self) -> uuid.UUID:
        return self.cleaned_data.get("submission_key") or uuid.uuid4()

    @property
    def submission_key(self) -> str:
        """The same for the same form sent twice; the kernel refuses the second."""
        return str(self.cleaned_data.get("submission_key") or uuid.uuid4())

    @property
    def marks_optional(self) -> bool:
        """Whether to write "frivilligt" beside fields: only where some are required and some not."""
        needed = {field.required for name, field in self.fields.items() if name != "submission_key"}
        return needed == {True, False}

    def groups(self) -> list[dict[str, Any]]:
        """Visible fields in their fieldsets; what no fieldset names comes first, without legend.

        Last come the folds, for what few need to fill in: closed until something in them is filled in or wrong.
        """
        form: Any = self
        visible = {bound.name: bound for bound in form.visible_fields()}
        named = {name for _legend, names in (*self.fieldsets, *self.folds) for name in names}
        loose = [bound for name, bound in visible.items() if name not in named]
        groups: list[dict[str, Any]] = [{"legend": "", "fields": loose}] if loose else []
        for legend, names in self.fieldsets:
            groups.append({"legend": legend, "fields": [visible[name] for name in names if name in visible]})
        for legend, names in self.folds:
            fields = [visible[name] for name in names if name in visible]
            used = any(one.errors or one.value() not in (None, "", [], one.field.initial) for one in fields)
            groups.append({"legend": legend, "fields": fields, "folded": True, "open": used})
        return groups


def _dress(field: forms.Field) -> None:
    """Classes and input types by widget; limits are told in words and checked here, never cut by the browser."""
    widget = field.widget
    widget.attrs.pop("maxlength", None)
    widget.attrs.pop("minlength", None)
    if isinstance(widget, forms.FileInput):
        widget.attrs.setdefault("class", "file-input")
        return
    widget.attrs.setdefault("class", "ds-input")
    if isinstance(widget, forms.Textarea):
        widget.attrs.setdefault("rows", 5)
        widget.attrs.pop("cols", None)
    elif isinstance(widget, forms.NumberInput):
        widget.input_type = "text"
        widget.attrs.setdefault("inputmode", "decimal" if isinstance(field, forms.DecimalField) else "numeric")
    elif type(widget) is forms.DateInput:
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    elif type(widget) is forms.DateTimeInput:
        widget.input_type, widget.format = "datetime-local", "%Y-%m-%dT%H:%M"
    elif type(widget) is forms.TimeInput:
        widget.input_type, widget.format = "time", "%H:%M"


class PlainForm(PlainMixin, forms.Form):
    """Base of forms without a table."""


class PlainModelForm(PlainMixin, forms.ModelForm):
    """Base of forms on a table; saving is still a verb's business, never ``form.save()``."""
