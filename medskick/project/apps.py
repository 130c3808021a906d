from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "medskick.project"
    label = "project"
