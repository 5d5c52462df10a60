"""The API's document."""

import subprocess
import sys

from tests.architecture.source_tree import CHECKOUT

# In a process of its own: only its first requests could meet. Switching between threads as often
# as can be makes each meet the others within the step that was not safe.
AT_ONCE = """
import os, sys, threading
os.environ["DJANGO_SETTINGS_MODULE"] = "annotation_app.settings.test"
import django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
from drf_spectacular.generators import SchemaGenerator
sys.setswitchinterval(1e-6)
together = threading.Barrier(8)
answers = []

def ask():
    together.wait()
    schema = SchemaGenerator().get_schema(public=True)
    answers.append(" ".join(sorted(schema["components"]["securitySchemes"])))

threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(*answers, sep="\\n")
"""


def test_first_requests_at_once_all_get_the_whole_document():
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    assert done.stdout.splitlines() == ["cookieAuth knoxApiToken"] * 8
