from importlib import import_module

from django.apps import AppConfig


class PlanConfig(AppConfig):
    name = "medskick.plan"
    label = "plan"

    def ready(self) -> None:
        import_module("medskick.plan.registrations").register()
