"""The Django application's configuration only."""

from django.apps import AppConfig


class AnnotationAppConfig(AppConfig):
    """EditJury's one Django app."""

    name = "annotation_app"
    verbose_name = "EditJury"
    default_auto_field = "django.db.models.BigAutoField"
