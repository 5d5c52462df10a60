"""Counters that no other test has touched."""

from uuid import uuid4

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def _own_counters(settings: LazySettings) -> None:
    cache = {**settings.CACHES["default"], "KEY_PREFIX": f"test-{uuid4().hex}"}
    settings.CACHES = {"default": cache}
