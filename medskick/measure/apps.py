from importlib import import_module

from django.apps import AppConfig


class MeasureConfig(AppConfig):
    name = "medskick.measure"
    label = "measure"

    def ready(self) -> None:
        import_module("medskick.measure.registrations").register()
