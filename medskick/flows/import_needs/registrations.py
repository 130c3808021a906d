from django.utils.translation import gettext_lazy as _

from medskick.kernel.menu import MenuEntry, register_menu
from medskick.kernel.people.roles import ADMINISTRATOR, PROCESS_LEADER

IMPORTERS = (PROCESS_LEADER, ADMINISTRATOR)

register_menu(
    MenuEntry(
        _("Importera behov"), "import_needs", "/arbete/flode/importera-behov", order=90, staff=True, roles=IMPORTERS
    )
)
