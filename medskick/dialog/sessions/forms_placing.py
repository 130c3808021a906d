"""The forms of the board where proposals are placed under horizons."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import PlainForm
from medskick.dialog.sessions.steps.horizon_board import Card

ASIDE = "0"
WHERE = [
    ("1", _("Börja inom 1 år")),
    ("3", _("Börja inom 3 år")),
    ("5", _("Börja inom 5 år")),
    ("10", _("Börja inom 10 år")),
    (ASIDE, _("Lägg åt sidan")),
]


class PlacingForm(PlainForm):
    """Where a proposal goes, and why."""

    uses_submission_key = False
    entry = forms.CharField(max_length=60, widget=forms.HiddenInput)
    years = forms.ChoiceField(label=_("Var ska det ligga?"), choices=WHERE)
    motivation = forms.CharField(label=_("Varför?"), max_length=500, required=False)
    missing = {"years": _("Välj var förslaget ska ligga.")}

    def __init__(self, data: Any = None, *, card: Card | None = None) -> None:
        if card is None:
            super().__init__(data)
            return
        placing = card.placing
        kept = {"entry": card.entry.key, "motivation": placing.motivation if placing else ""}
        kept["years"] = str(placing.horizon or ASIDE) if placing else ""
        # Several of these forms stand on one page, so each has ids of its own.
        super().__init__(data, initial=kept, auto_id=f"id_{card.entry.key}_%s")
        if placing is None:
            field: Any = self.fields["years"]
            field.choices = [("", _("Välj")), *WHERE]

    @property
    def chosen(self) -> int | None:
        years = self.cleaned_data["years"]
        return None if years == ASIDE else int(years)


class EntryForm(PlainForm):
    """One more proposal."""

    uses_submission_key = False
    title = forms.CharField(label=_("Ett förslag till"), max_length=200)
    missing = {"title": _("Skriv förslaget.")}
