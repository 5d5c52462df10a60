"""Tests: the same PostgreSQL and Redis, cheaper passwords, mail kept in memory."""

import os
import tempfile
from pathlib import Path

from annotation_app.settings.base import *

SITE_URL = "http://testserver"  # where Django's test client asks
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ACCOUNT_EMAIL_NOTIFICATIONS = True
STORAGES = {
    "default": {"BACKEND": "annotation_app.storage.WholeFileStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# One folder for each test process and the workers it starts, so that no installation is ever
# touched; parallel test processes do not share it, nor the broker.
_NAME = f"EDITJURY_TEST_DATA_{os.environ.get('PYTEST_XDIST_WORKER', '')}"
OWNS_TEST_DATA = _NAME not in os.environ
if OWNS_TEST_DATA:
    os.environ[_NAME] = tempfile.mkdtemp(prefix="editjury-test-")
TEST_DATA_ROOT = Path(os.environ[_NAME])
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **CELERY_BROKER_TRANSPORT_OPTIONS,
    "global_keyprefix": f"{TEST_DATA_ROOT.name}:",
}
MEDIA_ROOT = TEST_DATA_ROOT / "media"
EXPORT_ROOT = TEST_DATA_ROOT / "exports"
MODEL_ROOT = TEST_DATA_ROOT / "models"
IMPORT_STAGING_ROOT = TEST_DATA_ROOT / "imports"
UPKEEP_WATCH_SECONDS = 0  # a thread's connection would outlive the test that it began in
ACCOUNT_RATE_LIMITS = {**ACCOUNT_RATE_LIMITS, "login": ""}
