"""A real Chromium on the live server, and windows of people who are signed in."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from annotation_app.models import User
from tests.browser.workspace import PATIENCE

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
INSTALLED = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright itself, for tests that start a browser of their own."""
    # Playwright's own event loop in this thread is no reason for Django to refuse queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all tests."""
    started = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
    yield started
    started.close()


def find_chromium() -> str | None:
    """CHROMIUM_PATH, an installed one, or None for Playwright's own."""
    found = filter(None, map(shutil.which, INSTALLED))
    return os.environ.get("CHROMIUM_PATH") or next(found, None)


@pytest.fixture(autouse=True)
def _address_of_the_site(request: pytest.FixtureRequest, settings: Any) -> None:
    """Links in mail lead to the live server, so that no page warns that they lead elsewhere."""
    if "live_server" in request.fixturenames:
        settings.SITE_URL = request.getfixturevalue("live_server").url


@pytest.fixture
def open_page(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """Open windows for people, each in a browser profile of its own.

    `open_page(user, "/path", locale="zh-CN", ...)`; a script error or a policy violation in any
    of them fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[Complaints] = []

    def opened(user: User, path: str, **options: object) -> Page:
        desktop = {"base_url": live_server.url, "viewport": {"width": 1440, "height": 900}}
        context = browser.new_context(**(desktop | options))
        contexts.append(context)
        give_session(context, user, live_server.url)
        window = context.new_page()
        complaints.append(watch(window))
        window.goto(path)
        return window

    yield opened
    for context in contexts:
        quieten(context)
        context.close()
    assert [said for window in complaints for said in window] == []


def quieten(context: BrowserContext) -> None:
    """Wait until no request is on its way: the database is emptied next."""
    context.set_offline(True)  # nothing new starts
    for window in context.pages:
        with contextlib.suppress(PlaywrightTimeout):
            window.wait_for_load_state("networkidle", timeout=2000)


class Complaints(list[str]):
    """What the browser complained about: script errors and broken security policy."""


@pytest.fixture
def page(browser: Browser, live_server) -> Iterator[Page]:
    """A fresh desktop window; a script error or a policy violation in it fails the test."""
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 1440, "height": 900}, locale="en-GB"
    )
    opened = context.new_page()
    complaints = watch(opened)
    yield opened
    context.close()
    assert complaints == []


def watch(page: Page) -> Complaints:
    """Collect a page's script errors and violations of the Content-Security-Policy."""
    complaints = Complaints()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda line: (
            complaints.append(line.text) if "Content Security Policy" in line.text else None
        ),
    )
    return complaints


def give_session(context: BrowserContext, user: User, base: str) -> None:
    """Sign a person in without the login page."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": base, "httpOnly": True}
    context.add_cookies([cookie])  # type: ignore[list-item]  # as the driver takes it
