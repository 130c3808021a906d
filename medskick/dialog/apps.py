from importlib import import_module

from django.apps import AppConfig


class DialogConfig(AppConfig):
    name = "medskick.dialog"
    label = "dialog"

    def ready(self) -> None:
        import_module("medskick.dialog.registrations").register()
