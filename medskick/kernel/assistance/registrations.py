"""What this room tells the rest of the kernel: its kind, menus, panels, and what to do when somebody leaves."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medskick.kernel.assistance.access import KEEPERS
from medskick.kernel.assistance.actions.helping import end_help
from medskick.kernel.assistance.actions.objecting import KIND
from medskick.kernel.assistance.models import Ended, MandateKind
from medskick.kernel.assistance.queries import mandates_held_by
from medskick.kernel.menu import (
    AdministrationLink,
    MenuEntry,
    Panel,
    register_administration,
    register_menu,
    register_panel,
)
from medskick.kernel.people import login
from medskick.kernel.people.role_choices import RoleChoice, register_role_choices
from medskick.kernel.people.roles import ADMINISTRATOR, REGISTRAR
from medskick.kernel.records.kinds import Kind, register_kind


def register_assistance() -> None:
    register_kind(
        Kind(
            key=KIND,
            label=gettext_lazy("invändning"),
            trace_step=gettext_lazy("Invänt"),
            url=lambda item, staff: reverse("objection" if staff else "my_objection", args=[item.id]),
            phrases={
                f"{KIND}.created": gettext_lazy("invände mot hjälp"),
                "objection.decided": gettext_lazy("svarade på invändningen"),
            },
            purpose=gettext_lazy("Att pröva en invändning mot något som en hjälpare eller ett ombud har gjort."),
            legal_basis=gettext_lazy("Uppgift av allmänt intresse, dataskyddsförordningen artikel 6.1 e."),
            voice=True,
        )
    )
    register_menu(MenuEntry(gettext_lazy("Hjälpa"), "assistance", "/arbete/hjalp", order=60, staff=True, roles=KEEPERS))
    register_menu(
        MenuEntry(
            gettext_lazy("Invändningar"), "objections", "/arbete/invandningar", order=65, staff=True, roles=(REGISTRAR,)
        )
    )
    register_administration(
        AdministrationLink(
            gettext_lazy("Hjälp på plats"),
            gettext_lazy("Var och när någon hjälper till: bibliotek, servicebutik, äldreboende."),
            "help_places",
            roles=(ADMINISTRATOR,),
            order=60,
        )
    )
    register_panel(Panel("mine", "assistance.mine", "kernel/assistance/panels/mine.html", _mine, order=80))
    register_panel(Panel("start", "assistance.places", "kernel/assistance/panels/start.html", _start, order=90))
    register_role_choices(_choices)
    login.leaving.append(_end_when_leaving)


def _mine(request: HttpRequest) -> dict[str, object] | None:
    """The way to what others did, and to one's mandates; whoever acts for her is told what she does not see. No query."""
    actor = request.actor
    if actor.tie is None:
        return {}
    return None if actor.reads_all else {"limited": True}


def _start(request: HttpRequest) -> dict[str, object] | None:
    return {}


def _choices(person: UUID) -> list[RoleChoice]:
    choices = []
    for one in mandates_held_by(person):
        firm = one.kind == MandateKind.COMPANY
        words = _("För företaget %(name)s") if firm else _("För %(name)s")
        choices.append(RoleChoice(one.id, words % {"name": one.principal_name}, str(one.get_kind_display())))
    return choices


def _end_when_leaving(request: HttpRequest) -> None:
    if request.actor.assistance:
        end_help(request.actor.assistance, by=request.actor, how=Ended.LOG_OUT)
