"""The form of an answer, whose fields depend on what is asked."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms

from medskick.design.forms import PlainForm


class AnswerForm(PlainForm):
    """A respondent's form with these fields.

    legend: what to do with all fields together. missing: words for required fields that are left empty. check: what
    must hold of all fields together; it raises ValueError in plain Swedish, and is asked only where each field by
    itself is right.
    """

    def __init__(
        self,
        fields: Mapping[str, forms.Field],
        data: Any = None,
        *,
        initial: Mapping[str, Any] | None = None,
        legend: str = "",
        missing: Mapping[str, Any] | None = None,
        check: Callable[[Mapping[str, Any]], object] | None = None,
    ) -> None:
        self.base_fields = dict(fields)
        self.missing = dict(missing or {})  # type: ignore[misc]  # a class's words elsewhere, this question's here
        self.fieldsets = [(legend, list(fields))] if legend else []  # type: ignore[misc]  # as above
        self._check = check
        super().__init__(data, initial=dict(initial or {}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self._check is not None and not self.errors:
            try:
                self._check(cleaned)
            except ValueError as fault:
                raise forms.ValidationError(str(fault)) from fault
        return cleaned
