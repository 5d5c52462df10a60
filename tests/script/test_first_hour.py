"""A newcomer's first hour: the README's own lines, from a clean copy to a rating."""

import http.client
import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.parse
import urllib.request
import uuid

import pytest

from tests.architecture.source_tree import CHECKOUT, tracked_files

pytestmark = [pytest.mark.services, pytest.mark.slow]
FORM = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
BLOCK = re.compile(r"^ {4}(script/\S+.*)$", re.MULTILINE)
OWN_PASSWORD = "seven-green-otters"  # noqa: S105 - of an account that lives for this test
PATIENCE = 120  # seconds until the site answers, on a busy machine


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """What a fresh clone holds, with this checkout's packages and nothing else of it."""
    folder = tmp_path_factory.mktemp("first") / "clone"
    for path in tracked_files():
        target = folder / path.relative_to(CHECKOUT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    (folder / ".venv").symlink_to(CHECKOUT / ".venv")
    return folder


def surroundings():
    """The environment of a person at a shell: nothing of this test run's servers."""
    ours = {"DATABASE_URL", "REDIS_URL", "SITE_URL", "DATA_ROOT", "DJANGO_SETTINGS_MODULE"}
    kept = {k: v for k, v in os.environ.items() if k not in ours and not k.startswith("PYTEST")}
    return {**kept, "WEB_WORKERS": "1", "CPU_WORKERS": "1", "MODEL_WORKERS": "1"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def site(clone):
    """`script/demo --empty --port N` running; gives its address and the admin's password."""
    port = free_port()  # never 8000: links must follow it
    with subprocess.Popen(
        ["script/demo", "--empty", "--port", str(port)],
        cwd=clone,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as demo:
        said = []
        for line in demo.stdout:
            said.append(line)
            if "Ctrl-C stops everything" in line:
                break
        printed = "".join(said)
        address = re.search(r"EditJury is at (http://\S+)/", printed)
        assert address, printed
        assert address[1].endswith(f":{port}")
        yield address[1], re.search(r"^ +admin +(\S+)$", printed, re.MULTILINE)[1]
        demo.send_signal(signal.SIGINT)
        demo.wait(timeout=PATIENCE)
    assert demo.returncode == 0


def readme_lines():
    """The shell lines of the README's part about one's own items, without what starts the site."""
    part = (CHECKOUT / "README.md").read_text().split("## Your own items")[1].split("\n## ")[0]
    lines = BLOCK.findall(part)
    assert lines[0] == "script/demo --empty"
    return lines[1:]


def shell(line, clone, where):
    """A line as a person types it, who stands in another folder than the checkout."""
    done = subprocess.run(
        ["bash", "-c", line.replace("script/", f"'{clone}'/script/", 1)],
        cwd=where,
        env=surroundings(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr
    return done.stdout


class Visitor:
    """A browser without a window: cookies, forms with their tokens, JSON to the workbench."""

    def __init__(self, address):
        self.address = address
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, where):
        with self.opener.open(urllib.parse.urljoin(self.address, where)) as answer:
            return answer.read().decode()

    def post(self, where, values, to=None):
        """Send the form of a page, to the page itself or to another address."""
        token = FORM.search(self.get(where))[1]
        return self._send(
            to or where, urllib.parse.urlencode({"csrfmiddlewaretoken": token, **values})
        )

    def ask(self, where, values):
        """A request of the workbench's script."""
        return json.loads(self._send(where, json.dumps(values), "application/json"))

    def _send(self, where, body, kind="application/x-www-form-urlencoded"):
        token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")
        headers = {"Content-Type": kind, "X-CSRFToken": token, "Referer": self.address}
        address = urllib.parse.urljoin(self.address, where)
        request = urllib.request.Request(address, body.encode(), headers)  # noqa: S310 - http here
        with self.opener.open(request) as answer:
            return answer.read().decode()


def test_the_readmes_lines_lead_from_a_clean_copy_to_a_rating(site, clone, tmp_path):
    address, password = site
    said = {line: shell(line, clone, tmp_path) for line in readme_lines()}
    assert (tmp_path / "my-edits" / "manifest.jsonl").exists()
    assert any("3 items imported with 6 candidates" in text for text in said.values())
    assert any("4 ratings imported with 16 scores" in text for text in said.values())

    link = re.search(r"http\S+", said["script/manage invite Mine anna@example.org"])[0]
    assert link.startswith(f"{address}/invitations/")
    anna = Visitor(address)
    account = {"username": "anna", "password": OWN_PASSWORD, "again": OWN_PASSWORD}
    home = anna.post(link, account)
    assert "/campaigns/mine/work/" in home
    anna.get("/campaigns/mine/work/")
    rate_one(anna)
    assert json.loads(anna.get("/api/v1/work/campaigns/mine/session"))["done_today"] == 1

    for host in ("127.0.0.1", "localhost"):
        admin = Visitor(address.replace("127.0.0.1", host))
        admin.post("/accounts/login/", {"login": "admin", "password": password})
        invited = {"addresses": f"{host}@example.org", "role": "annotator"}
        page = admin.post("/campaigns/mine/members/", invited, to="/campaigns/mine/members/invite/")
        assert f"{admin.address}/invitations/" in page
        assert "Links in mail begin with" not in page
    agreement = json.loads(shell("script/manage agreement --campaign Mine --json", clone, tmp_path))
    assert agreement["strata"]["pooled"]["if"]["n_items"] == 0  # imported ratings stay apart


def rate_one(person):
    task = person.ask("/api/v1/work/campaigns/mine/next", {})
    scores = [
        {"position": place, "dimension": one["key"], "level": 3}
        for place in range(1, len(task["candidates"]) + 1)
        for one in task["rubric"]
    ]
    rating = {"client_uuid": str(uuid.uuid4()), "scores": scores, "seconds": 9.5}
    return person.ask(f"/api/v1/work/leases/{task['token']}/submit", rating)


def test_an_idle_connection_is_still_open_when_a_page_asks_again(site):
    place = urllib.parse.urlsplit(site[0])
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
    connection.request("GET", "/accounts/login/")
    connection.getresponse().read()
    first = connection.sock
    time.sleep(4)  # gunicorn itself closes after two seconds
    connection.request("GET", "/accounts/login/")
    assert connection.getresponse().status == 200
    assert connection.sock is first  # the same one, not opened again
    connection.close()
