"""Tests: the same PostgreSQL and Redis, cheaper passwords, mail kept in memory."""

import tempfile
from pathlib import Path

from annotation_app.settings.base import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# One folder for each test process, so that nothing of an installation is ever touched.
TEST_DATA_ROOT = Path(tempfile.mkdtemp(prefix="editjury-test-"))
MEDIA_ROOT = TEST_DATA_ROOT / "media"
EXPORT_ROOT = TEST_DATA_ROOT / "exports"
MODEL_ROOT = TEST_DATA_ROOT / "models"
IMPORT_STAGING_ROOT = TEST_DATA_ROOT / "imports"
ACCOUNT_RATE_LIMITS = {}
