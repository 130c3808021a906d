"""The few sentences that the start pages say."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medskick.lib.numbers import say_number


def greeting(name: str, hour: int) -> str:
    """A greeting for the hour of the day (0-23), by first name."""
    first = name.split()[0] if name.split() else ""
    words = _("God morgon") if hour < 10 else _("Hej") if hour < 18 else _("God kväll")
    return f"{words} {first}".strip()


def waiting_sentence(count: int) -> str:
    if count == 0:
        return ""
    return ngettext("%(count)s sak väntar på dig.", "%(count)s saker väntar på dig.", count) % {"count": count}


def debt_sentence(debt: dict[str, int]) -> str:
    """Answer debt in one honest sentence: of the voices whose time is up or that were answered, how many in time."""
    counted = debt["answered_in_time"] + debt["answered_late"] + debt["overdue"]
    if counted == 0:
        return ""
    share = say_number(100 * debt["answered_in_time"] / counted, decimals=0)
    return _("%(share)s %% av era röster det senaste året fick svar i tid (%(answered)s av %(counted)s).") % {
        "share": share,
        "answered": debt["answered_in_time"],
        "counted": counted,
    }


def doors() -> list[dict[str, str]]:
    """The four doors of the resident side."""
    return [
        {
            "engine": "listen",
            "title": _("Tyck till"),
            "text": _("Svara på frågor och säg vad du behöver"),
            "url": reverse("speak"),
        },
        {
            "engine": "serve",
            "title": _("Ansök och anmäl"),
            "text": _("E-tjänster, synpunkter och idéer"),
            "url": reverse("services"),
        },
        {
            "engine": "plan",
            "title": _("Det här gör vi"),
            "text": _("Beslut, planer och vad de kostar"),
            "url": reverse("what_we_do"),
        },
        {
            "engine": "measure",
            "title": _("Så går det"),
            "text": _("Siffror om hur det går, och var de kommer ifrån"),
            "url": reverse("progress"),
        },
    ]
