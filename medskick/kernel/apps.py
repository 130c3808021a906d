from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KernelConfig(AppConfig):
    name = "medskick.kernel"
    label = "kernel"

    def ready(self) -> None:
        database = import_module("medskick.kernel.database")
        post_migrate.connect(database.lay_after_migrate, dispatch_uid="kernel.database")
        import_module("medskick.kernel.records.kinds").register_kernel_kinds()
        self._listen()

    def _listen(self) -> None:
        from medskick.kernel.notifications.actions import on_link_made
        from medskick.kernel.records import listeners
        from medskick.kernel.search.actions import forget_item, index_item

        listeners.index_item.append(index_item)
        listeners.forget_item.append(forget_item)
        listeners.link_made.append(on_link_made)
