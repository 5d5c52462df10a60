"""Fixtures that every test may use."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from tests.factories.celery_worker import Worker

CHECKOUT = Path(__file__).resolve().parent.parent

OTHERS_DATA = ("genai_bench", "imagenhub", "real_edits")


def pytest_unconfigure() -> None:
    """Leave no folder behind but that of the process which started this one, if any."""
    if settings.OWNS_TEST_DATA:
        shutil.rmtree(settings.TEST_DATA_ROOT, ignore_errors=True)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of others' data, or skip the test with a clear message.

    Only tests of figures that others published about their own data read it; the data are not ours
    to copy. Every other test brings its own.
    """
    folder = Path(os.environ.get("SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
    missing = [name for name in OTHERS_DATA if not (folder / name).is_dir()]
    if missing:
        pytest.skip(
            f"{folder} lacks {', '.join(missing)}: set SHARED_DATA to a folder that holds them"
        )
    return folder


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[int]]]:
    """Messages that would have gone to the broker, as (task name, arguments)."""
    messages: list[tuple[str, list[int]]] = []
    monkeypatch.setattr(
        "annotation_app.jobs.app.send_task",
        lambda name, args: messages.append((name, args)),
    )
    return messages


@pytest.fixture(autouse=True)
def _broker_is_quiet(request: pytest.FixtureRequest) -> None:
    """Keep every test off the broker, except those that run a real worker."""
    if request.node.get_closest_marker("services") is None:
        request.getfixturevalue("sent")


@pytest.fixture(autouse=True)
def _english_first() -> None:
    """Begin every test in English, whatever language the one before it spoke."""
    translation.activate("en")


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    """A running worker; it sees what is committed, so the test needs transaction=True."""
    started = Worker(tmp_path / "worker.log")
    started.start()
    yield started
    started.stop()
