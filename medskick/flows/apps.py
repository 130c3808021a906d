from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "medskick.flows"
    label = "flows"
