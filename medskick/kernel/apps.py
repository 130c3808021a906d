from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate

# What each room makes known: kinds, panels, pages of administration.
REGISTRATIONS = (
    ("records.kinds", "register_kernel_kinds"),
    ("documents.registrations", "register_documents"),
    ("sharing.registrations", "register_sharing"),
    ("spaces.registrations", "register_spaces"),
    ("people.registrations", "register_people_pages"),
    ("operation.registrations", "register_operation"),
    ("disclosure.registrations", "register_disclosure"),
    ("notifications.registrations", "register_notifications"),
    ("assistance.registrations", "register_assistance"),
    ("privacy.registering", "register_privacy"),
)


class KernelConfig(AppConfig):
    name = "medskick.kernel"
    label = "kernel"

    def ready(self) -> None:
        database = import_module("medskick.kernel.database")
        post_migrate.connect(database.lay_after_migrate, dispatch_uid="kernel.database")
        for module, register in REGISTRATIONS:
            getattr(import_module(f"medskick.kernel.{module}"), register)()
        self._listen()

    def _listen(self) -> None:
        from medskick.kernel.notifications.actions import on_link_made
        from medskick.kernel.records import listeners
        from medskick.kernel.search.actions import forget_item, index_item

        listeners.index_item.append(index_item)
        listeners.forget_item.append(forget_item)
        listeners.link_made.append(on_link_made)
