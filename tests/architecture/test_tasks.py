import os
import subprocess
import sys

import pytest

from tests.architecture.source_tree import CHECKOUT
from workers.celery_app import app
from workers.task_names import QueueName, TaskName

LOADED_BY_A_WORKER = (
    "import sys; from workers.celery_app import app; app.loader.import_default_modules();"
    "print('torch' in sys.modules)"
)
LOADED_BY_THE_SITE = (
    "import sys, django; django.setup(); from django.urls import get_resolver;"
    "get_resolver().url_patterns; print('torch' in sys.modules)"
)


def test_every_task_name_is_registered():
    app.loader.import_default_modules()
    assert {str(name) for name in TaskName} - set(app.tasks) == set()


@pytest.mark.parametrize(
    "queue", [name for name in QueueName if name is not QueueName.MODEL], ids=str
)
def test_a_worker_of_a_light_queue_never_loads_torch(queue):
    assert run_python(LOADED_BY_A_WORKER, EDITJURY_QUEUE=queue.value) == "False"


def test_the_site_never_loads_torch():
    assert run_python(LOADED_BY_THE_SITE) == "False"


def run_python(program: str, **environment: str) -> str:
    defaults = {"DJANGO_SETTINGS_MODULE": "annotation_app.settings.test"}
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CHECKOUT,
        env={**os.environ, **defaults, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()
