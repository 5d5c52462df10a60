"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of shared trial data, or skip the test with a clear message."""
    folder = Path(os.environ.get("SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no trial data at {folder}: set SHARED_DATA to the folder that holds golden/")
    return folder
