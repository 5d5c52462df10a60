"""The proxy of docker-compose.yml itself, with its own configuration, in front of the site."""

import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from annotation_app.web.people.sign_in.limits import FOR_PAIR
from tests.architecture.source_tree import CHECKOUT
from tests.factories.loopback_client import LOGIN, LoopbackClient
from tests.factories.world import PASSWORD, make_user

CADDY = shutil.which("caddy")
UPSTREAM = "web:8000"
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CADDY is None, reason="needs Caddy (Debian: apt-get install caddy)"),
]


@pytest.fixture
def site(live_server, settings, tmp_path) -> Iterator[str]:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    text = (CHECKOUT / "script/docker/Caddyfile").read_text()
    assert UPSTREAM in text
    config: Path = tmp_path / "Caddyfile"
    assert text.startswith("{\n")  # the options of the whole server
    local = text.replace(UPSTREAM, urlsplit(live_server.url).netloc)
    config.write_text(local.replace("{\n", "{\n\tadmin off\n", 1))
    own = {"SITE_ADDRESS": f"http://127.0.0.1:{port}", "HOME": str(tmp_path)}
    command = [CADDY or "", "run", "--adapter", "caddyfile", "--config", str(config)]
    with subprocess.Popen(
        command, env={**os.environ, **own}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as caddy:
        until = time.monotonic() + 30
        while not answers(port) and caddy.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        yield own["SITE_ADDRESS"]
        caddy.terminate()


def answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def test_who_guesses_is_refused_whatever_address_they_claim_and_nobody_else_is(site):
    ada, ben = make_user(), make_user()
    told = [
        LoopbackClient(site, "127.0.0.2", claims=f"203.0.113.{number}").sign_in(ada.username, "x")
        for number in range(FOR_PAIR + 1)
    ]
    assert told == ["wrong"] * FOR_PAIR + ["refused"]
    liar = LoopbackClient(site, "127.0.0.2", claims="127.0.0.3, 127.0.0.3")
    assert liar.sign_in(ada.username, PASSWORD) == "refused"
    for person in (ada, ben):
        claims = "127.0.0.2"  # nor can one be taken for the guesser
        client = LoopbackClient(site, "127.0.0.3", claims=claims)
        assert client.sign_in(person.username, PASSWORD) == "in"


def test_a_body_that_is_too_long_or_of_unknown_length_is_refused_behind_it(site):
    host = urlsplit(site).netloc
    call = http.client.HTTPConnection(host, timeout=30)
    call.request("POST", LOGIN, b"a" * 3_000_000, {"Content-Type": "text/plain"})
    assert call.getresponse().status == 413
    call.close()
    call = http.client.HTTPConnection(host, timeout=30)
    call.request("POST", LOGIN, iter([b"a" * 1000] * 20), {"Content-Type": "text/plain"})
    answer = call.getresponse()
    assert answer.status == 411
    assert b"Content-Length" in answer.read()
    call.close()


def test_figures_are_not_served_to_the_world(site):
    assert LoopbackClient(site, "127.0.0.2").request("GET", "/metrics")[0] == 404
