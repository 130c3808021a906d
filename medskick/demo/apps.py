from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class DemoConfig(AppConfig):
    name = "medskick.demo"
    label = "demo"

    def ready(self) -> None:
        if settings.DEMONSTRATION:
            import_module("medskick.demo.region").register_people()
