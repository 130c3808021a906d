from importlib import import_module

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "medskick.services"
    label = "services"

    def ready(self) -> None:
        import_module("medskick.services.registrations").register()
