from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "medskick.demo"
    label = "demo"
