from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectConfig(AppConfig):
    name = "medskick.project"
    label = "project"

    def ready(self) -> None:
        from medskick.kernel.menu import MenuEntry, register_menu
        from medskick.kernel.people.roles import ADMINISTRATOR, AUDITOR, REGISTRAR
        from medskick.kernel.privacy.registering import register_privacy_offers

        who = (ADMINISTRATOR, REGISTRAR, AUDITOR)
        register_menu(MenuEntry(_("Administration"), "administration", "/arbete/administration", 90, True, who))
        register_menu(MenuEntry(_("Min dag"), "my_day", "/arbete", order=1, staff=True))
        register_privacy_offers()
