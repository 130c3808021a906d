from collections.abc import Callable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medskick.dialog import api as dialog
from medskick.flows.adopt_cluster.actions import MAY_ADOPT


def _page(name: str) -> Callable[[UUID], str]:
    return lambda cluster: reverse(name, args=[cluster])


for label, name, order in (
    (_("Gör till ett behov"), "adopt_cluster_need", 10),
    (_("Gör till en insats"), "adopt_cluster_initiative", 20),
):
    dialog.register_cluster_action(dialog.ClusterAction(label, _page(name), lambda actor: actor.has(*MAY_ADOPT), order))
