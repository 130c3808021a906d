from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medskick.design.forms import ChoiceCards, NumberField, PlainForm
from medskick.kernel.organisations.places import all_places, place_of
from medskick.measure.indicators.finding import is_jump
from medskick.measure.indicators.models import LARGEST_DECIMALS, Direction, Indicator, Missing
from medskick.measure.indicators.periods import has_begun, read_period, say_period
from medskick.measure.indicators.presenting import said
from medskick.measure.indicators.queries import About, series

LARGEST = Decimal(10) ** 15


def _number(**options: Any) -> NumberField:
    return NumberField(
        required=False, min_value=-LARGEST, max_value=LARGEST, max_digits=23, decimal_places=8, **options
    )


class SearchForm(PlainForm):
    """The search box of a list; what cannot be read as words finds everything."""

    uses_submission_key = False
    sok = forms.CharField(label=_("Sök bland nyckeltalen"), required=False, max_length=100)


class IndicatorForm(PlainForm):
    title = forms.CharField(label=_("Vad mäts?"), max_length=120, help_text=_("Till exempel: Väntetid i telefon"))
    theme = forms.CharField(label=_("Område"), max_length=60, help_text=_("Till exempel: Kontakt med kommunen"))
    description = forms.CharField(label=_("Beskrivning"), max_length=1000, required=False, widget=forms.Textarea)
    unit = forms.CharField(label=_("Enhet"), max_length=20, required=False, help_text=_("Till exempel % eller min"))
    decimals = forms.IntegerField(label=_("Decimaler"), min_value=0, max_value=LARGEST_DECIMALS, initial=0)
    direction = forms.ChoiceField(label=_("Vad är bättre?"), choices=Direction.choices, widget=ChoiceCards)
    phrase = forms.CharField(
        label=_("Mening"),
        max_length=150,
        required=False,
        help_text=_("Skriv {värde} där talet ska stå. Till exempel: Fiber når {värde} av hushållen"),
    )
    target = _number(label=_("Mål"))
    lowest = _number(label=_("Lägsta värde som kan finnas"))
    highest = _number(label=_("Högsta värde som kan finnas"), help_text=_("För en andel i procent är det oftast 100"))
    method = forms.CharField(label=_("Så mäts det"), max_length=2000, required=False, widget=forms.Textarea)
    source = forms.CharField(label=_("Källa"), max_length=100, help_text=_("Vem som har samlat in uppgifterna"))

    fieldsets = [
        (_("Nyckeltalet"), ["title", "theme", "description", "unit", "decimals", "direction"]),
        (_("Så visas det"), ["phrase", "target"]),
        (_("Rimliga värden"), ["lowest", "highest"]),
        (_("Varifrån uppgifterna kommer"), ["source", "method"]),
    ]

    def clean_phrase(self) -> str:
        phrase: str = self.cleaned_data["phrase"]
        if phrase and "{värde}" not in phrase:
            raise forms.ValidationError(gettext("Skriv {värde} i meningen, där talet ska stå."))
        return phrase

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        lowest, highest = given.get("lowest"), given.get("highest")
        if lowest is not None and highest is not None and lowest >= highest:
            self.add_error("highest", gettext("Det högsta värdet ska vara större än det lägsta."))
        return given


class ValueForm(PlainForm):
    """One value. It refuses what cannot be and asks again about what is unlikely."""

    about = forms.ChoiceField(label=_("Vem gäller värdet?"))
    period = forms.CharField(label=_("År eller månad"), max_length=20, help_text=_("Till exempel 2025 eller 2025-05"))
    value = _number(label=_("Värde"), help_text=_("Skriv bara talet, med decimalkomma"))
    missing = forms.ChoiceField(
        label=_("Saknas värdet? Säg varför"),
        required=False,
        choices=[("", _("värdet finns")), *Missing.choices],
    )
    note = forms.CharField(label=_("Anmärkning"), max_length=200, required=False)
    confirmed = forms.BooleanField(label=_("Ja, värdet stämmer"), required=False)

    def __init__(self, indicator: Indicator, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.indicator = indicator
        about: Any = self.fields["about"]
        about.choices = _about_choices(indicator)
        if len(about.choices) == 1:
            about.widget, about.initial = forms.HiddenInput(), about.choices[0][0]
        if indicator.unit:
            self.fields["value"].label = gettext("Värde (%(unit)s)") % {"unit": indicator.unit}
        if data is None:
            del self.fields["confirmed"]

    def clean_period(self) -> str:
        try:
            period = read_period(self.cleaned_data["period"])
        except ValueError as problem:
            raise forms.ValidationError(str(problem)) from None
        if not has_begun(period, timezone.localdate()):
            raise forms.ValidationError(
                gettext("%(period)s har inte börjat än.") % {"period": say_period(period).capitalize()}
            )
        return period

    def clean_value(self) -> Decimal | None:
        value: Decimal | None = self.cleaned_data["value"]
        if value is not None and self.indicator.outside_bounds(value):
            raise forms.ValidationError(self._bounds_words())
        return value

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        value, missing = given.get("value"), given.get("missing")
        if value is None and not missing and "value" not in self.errors:
            self.add_error("value", gettext("Skriv ett värde, eller säg varför det saknas."))
        elif value is not None and missing:
            self.add_error("missing", gettext("Du har skrivit ett värde. Välj ”värdet finns”, eller töm rutan Värde."))
        if not self.errors:
            self._ask_again(given)
        if "confirmed" not in self.errors and not given.get("confirmed"):
            self.fields.pop("confirmed", None)
        return given

    @property
    def whom(self) -> About:
        """Whom the value is about, as the verb takes it."""
        place = next(one for one in all_places() if one.slug == self.cleaned_data["about"])
        return About(organisation=place.id)

    def _ask_again(self, given: dict[str, Any]) -> None:
        """A changed value needs its reason; a large jump needs a yes."""
        known = {one.period: one for one in series(self.indicator, self.whom)}
        period, value = given["period"], given["value"]
        standing = known.get(period)
        changed = standing is not None and (standing.value, standing.missing) != (value, given["missing"])
        if changed and not given["note"]:
            self.add_error("note", gettext("Det finns redan ett värde för perioden. Skriv varför det ändras."))
        earlier = [one for one in known.values() if one.period <= period and one.value is not None]
        before = max(earlier, key=lambda one: one.period, default=None)
        if before is None or before.value is None or value is None or given.get("confirmed"):
            return
        if is_jump(before.value, value):
            self.add_error("confirmed", self._jump_words(before.value, before.period, value))

    def _jump_words(self, before: Decimal, period: str, value: Decimal) -> str:
        return gettext("%(value)s är långt från %(before)s, som gällde %(period)s. Kryssa i om det stämmer.") % {
            "value": said(self.indicator, value),
            "before": said(self.indicator, before),
            "period": say_period(period),
        }

    def _bounds_words(self) -> str:
        lowest, highest = self.indicator.lowest, self.indicator.highest
        if lowest is not None and highest is not None:
            return gettext("Skriv ett tal mellan %(lowest)s och %(highest)s.") % {
                "lowest": said(self.indicator, lowest),
                "highest": said(self.indicator, highest),
            }
        if lowest is not None:
            return gettext("Skriv ett tal som är minst %(lowest)s.") % {"lowest": said(self.indicator, lowest)}
        return gettext("Skriv ett tal som är högst %(highest)s.") % {
            "highest": said(self.indicator, highest or Decimal(0))
        }


def _about_choices(indicator: Indicator) -> list[tuple[str, str]]:
    """The owner; and for a region its municipalities too."""
    own = place_of(indicator.owner_id)
    if own is None:
        return []
    members = [one for one in all_places() if own.is_region and one.region_id == own.id and not one.is_region]
    return [(one.slug, one.name) for one in [own, *members]]
