from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.apps import AppConfig

FLOWS = sorted(folder.parent.name for folder in Path(__file__).parent.glob("*/actions.py"))


class FlowsConfig(AppConfig):
    name = "medskick.flows"
    label = "flows"

    def ready(self) -> None:
        """Let each flow make its offers and jobs known."""
        for flow in FLOWS:
            for part in ("registrations", "jobs"):
                module = f"medskick.flows.{flow}.{part}"
                if find_spec(module) is not None:
                    import_module(module)
