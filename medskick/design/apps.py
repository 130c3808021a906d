"""The look, as a Django app without tables."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Templates, static files and template tags of the whole product."""

    name = "medskick.design"
    label = "design"
    verbose_name = "Medskick: utseende"
