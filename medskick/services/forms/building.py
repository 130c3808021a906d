"""From a definition to a form: one class of ours, its fields made from data."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from medskick.design.forms import NumberField, PlainForm
from medskick.services.definitions import definition as d
from medskick.services.definitions.definition import Definition, Field

# More answers than this in one list are easier to find in a drop-down than among round buttons.
MOST_BUTTONS = 12


class ServiceForm(PlainForm):
    """Everything that a service asks except its file, which is chosen last, on the page where the answers are checked.

    Files cannot be put back into a form, so one chosen earlier would be lost or kept as somebody's unsent draft.
    """

    definition: ClassVar[Definition]

    def typed(self) -> dict[str, Any]:
        """What was typed, by field id, as a verb takes it."""
        form: Any = self
        return {field.id: form[field.id].data for field in self.definition.fields() if field.type != d.FILE}


class FileForm(PlainForm):
    """The one file of a service."""

    uses_submission_key = False


def form_for(definition: Definition, data: Any = None) -> ServiceForm:
    """The service's form, empty or with what was typed, in the reader's language."""
    made: Any = type("FilledServiceForm", (ServiceForm,), _fields(definition, lambda field: field.type != d.FILE))
    made.definition = definition
    made.fieldsets = [
        (str(section.heading), [field.id for field in section.fields if field.type != d.FILE])
        for section in definition.sections
    ]
    made.missing = {field.id: str(field.missing) for field in definition.fields() if field.missing.sv}
    form: ServiceForm = made(data)
    return form


def file_form_for(definition: Definition, data: Any = None, files: Any = None) -> FileForm | None:
    """The form for the service's file, or None where it takes none."""
    if definition.file_field is None:
        return None
    made: Any = type("ServiceFileForm", (FileForm,), _fields(definition, lambda field: field.type == d.FILE))
    form: FileForm = made(data, files)
    return form


def checked(definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers, validated and tidied by the page's own form. Raise ValidationError, by field, where they are not."""
    form = form_for(definition, dict(answers))
    if not form.is_valid():
        raise ValidationError({name: list(errors) for name, errors in form.errors.items()})
    return {name: value for name, value in form.cleaned_data.items() if name != "submission_key"}


def _fields(definition: Definition, wanted: Callable[[Field], bool]) -> dict[str, forms.Field]:
    return {field.id: _MAKERS[field.type](field) for field in definition.fields() if wanted(field)}


def _usual(field: Field) -> dict[str, Any]:
    return {"label": str(field.label), "help_text": str(field.help), "required": field.required}


def _text(field: Field) -> forms.Field:
    return forms.CharField(**_usual(field), max_length=field.max_length, min_length=field.min_length or None)


def _long_text(field: Field) -> forms.Field:
    made = _text(field)
    made.widget = forms.Textarea(attrs={"rows": 8})
    return made


def _choice(field: Field) -> forms.Field:
    choices = [(option.id, str(option.label)) for option in field.options]
    if len(choices) <= MOST_BUTTONS:
        return forms.ChoiceField(**_usual(field), choices=choices, widget=forms.RadioSelect)
    return forms.ChoiceField(**_usual(field), choices=[("", _("Välj")), *choices])


def _choices(field: Field) -> forms.Field:
    choices = [(option.id, str(option.label)) for option in field.options]
    return forms.MultipleChoiceField(**_usual(field), choices=choices, widget=forms.CheckboxSelectMultiple)


def _phone(field: Field) -> forms.Field:
    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
    return forms.CharField(**_usual(field), max_length=40, widget=widget)


_MAKERS: dict[str, Callable[[Field], forms.Field]] = {
    d.TEXT: _text,
    d.LONG_TEXT: _long_text,
    d.CHOICE: _choice,
    d.CHOICES: _choices,
    d.YES_NO: lambda field: forms.BooleanField(**_usual(field)),
    d.DATE: lambda field: forms.DateField(**_usual(field)),
    d.NUMBER: lambda field: NumberField(**_usual(field)),
    d.EMAIL: lambda field: forms.EmailField(**_usual(field), max_length=254),
    d.PHONE: _phone,
    d.FILE: lambda field: forms.FileField(**_usual(field)),
}
