"""What this engine tells the kernel: its kinds, menu entries and panels."""

from importlib import import_module

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medskick.kernel.menu import MenuEntry, Panel, register_menu, register_panel
from medskick.kernel.records.kinds import Kind, register_kind
from medskick.kernel.records.models import Item
from medskick.plan.action_plans.models import ACTIVITY_KIND
from medskick.plan.action_plans.models import KIND as PLAN_KIND
from medskick.plan.benefits.models import KIND as BENEFIT_KIND
from medskick.plan.benefits.models import OUTCOME_KIND
from medskick.plan.initiatives.models import KIND as INITIATIVE_KIND
from medskick.plan.needs.models import KIND as NEED_KIND
from medskick.plan.public.panels import load_my_day, load_start


def _need_url(item: Item, staff: bool) -> str:
    return reverse("need", args=[item.id]) if staff else reverse("trace", args=[item.number])


def _initiative_url(item: Item, staff: bool) -> str:
    return reverse("initiative" if staff else "public_initiative", args=[item.id])


def _plan_url(item: Item, staff: bool) -> str:
    return reverse("plan_version" if staff else "public_plan", args=[item.id])


def _benefit_url(item: Item, staff: bool) -> str:
    return reverse("benefit" if staff else "public_benefit", args=[item.id])


def _activity_url(item: Item, staff: bool) -> str:
    return reverse("activity_of", args=[item.id])


def _outcome_url(item: Item, staff: bool) -> str:
    return reverse("outcome_of", args=[item.id])


def register() -> None:
    import_module("medskick.plan.benefits.jobs")
    _register_kinds()
    _register_more_kinds()
    register_menu(MenuEntry(_("Planera"), "needs", "/arbete/planera", 20, staff=True))
    register_menu(MenuEntry(_("Det här gör vi"), "what_we_do", "/det-har-gor-vi", 30, staff=False))
    register_panel(Panel("tyck_till", "has_helped", "plan/public/speak_panel.html", lambda request: {}, order=60))
    register_panel(Panel("start", "plan.what_we_do", "plan/public/start_panel.html", load_start, order=30))
    register_panel(Panel("my_day", "plan.day", "plan/public/my_day_panel.html", load_my_day, order=30))


def _register_kinds() -> None:
    register_kind(
        Kind(
            key=NEED_KIND,
            label=_("behov"),
            trace_step=_("Samlat"),
            url=_need_url,
            phrases={
                "plan.need.created": _("skrev ner behovet"),
                "need.area_chosen": _("valde målområde"),
                "need.accepted": _("tog emot behovet"),
                "need.rejected": _("avvisade behovet"),
                "need.merged": _("slog ihop behovet med ett annat"),
            },
            purpose=_("Att planera det som människor säger att de behöver"),
            legal_basis=_("uppgift av allmänt intresse"),
        )
    )
    register_kind(
        Kind(
            key=INITIATIVE_KIND,
            label=_("insats"),
            trace_step=_("Insats"),
            url=_initiative_url,
            phrases={
                "plan.initiative.created": _("föreslog insatsen"),
                "initiative.described": _("beskrev insatsen"),
                "initiative.renamed": _("gav insatsen ett annat namn"),
                "initiative.horizon_chosen": _("valde tidshorisont"),
                "initiative.gate_waived": _("gjorde avsteg från en grind"),
            },
        )
    )


def _register_more_kinds() -> None:
    register_kind(
        Kind(
            key=PLAN_KIND,
            label=_("handlingsplan"),
            trace_step=_("Handlingsplan"),
            url=_plan_url,
            phrases={
                "plan.decided": _("förde in beslutet"),
                "plan.activity_added": _("lade till en aktivitet"),
                "plan.activity_changed": _("ändrade en aktivitet"),
                "plan.activity_removed": _("tog bort en aktivitet"),
            },
        )
    )
    register_kind(
        Kind(
            key=ACTIVITY_KIND,
            label=_("aktivitet"),
            trace_step=_("Genomförande"),
            url=_activity_url,
            phrases={
                "activity.started": _("började"),
                "activity.finished": _("blev klar"),
                "activity.stopped": _("avbröt"),
            },
        )
    )
    register_kind(Kind(key=BENEFIT_KIND, label=_("nytta"), trace_step=_("Löfte om nytta"), url=_benefit_url))
    register_kind(Kind(key=OUTCOME_KIND, label=_("utfall"), trace_step=_("Hjälpte det?"), url=_outcome_url))
