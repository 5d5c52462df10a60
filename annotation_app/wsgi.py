"""The door for gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotation_app.settings.local")

application = get_wsgi_application()
# Load every page's module now: with --preload the workers share that memory.
get_resolver().url_patterns  # noqa: B018 - reading it imports the pages
# What was loaded stays for good: the collector need not look at it again, which would cost time
# and, by touching it, make every worker copy it.
gc.collect()
gc.freeze()
