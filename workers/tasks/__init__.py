"""Celery tasks: load by id, call a service or library, record. Idempotent all.

Importing this package sets Django up, so that a child process may be started on any module in it.
"""

import os

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotation_app.settings.local")

if not apps.ready:
    django.setup()
