"""Takes the pictures of the admin's pages from the running demo; called by script/screenshots."""

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

CHECKOUT = Path(__file__).resolve().parent.parent
IMAGES = CHECKOUT / "docs" / "images"
LOGINS = CHECKOUT / "var" / "demo-logins.json"
DESKTOP = (1440, 900)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
CAMPAIGN = "/campaigns/simulated-demo/"


@dataclass(frozen=True)
class Shot:
    """One picture: the person, the page, and its appearance."""

    name: str
    person: str
    path: str
    scheme: Literal["light", "dark"] = "light"


SHOTS = (
    Shot("dashboard-light", "admin", CAMPAIGN),
    Shot("dashboard-dark", "admin", CAMPAIGN, scheme="dark"),
    Shot("agreement-light", "admin", CAMPAIGN + "agreement/"),
    Shot("dataset-light", "admin", CAMPAIGN + "datasets/1/"),
    Shot("model-light", "admin", CAMPAIGN + "models/1/"),
)


def main(arguments: list[str]) -> int:
    """Takes every picture, or those whose name contains one of the arguments."""
    site = os.environ.get("SITE_URL", "http://127.0.0.1:8000")
    IMAGES.mkdir(parents=True, exist_ok=True)
    path = os.environ.get("CHROMIUM_PATH") or None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for shot in SHOTS:
            if not arguments or any(part in shot.name for part in arguments):
                with _page(browser, shot, site) as page:
                    _take(page, shot)
        browser.close()
    return 0


@contextmanager
def _page(browser: Browser, shot: Shot, base: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=base,
        viewport={"width": DESKTOP[0], "height": DESKTOP[1]},
        color_scheme=shot.scheme,
        locale="en-GB",
    )
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("input[name=login]", shot.person)
    page.fill("input[name=password]", json.loads(LOGINS.read_text())[shot.person])
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"/$"))
    yield page
    context.close()


def _take(page: Page, shot: Shot) -> None:
    page.goto(shot.path)
    page.wait_for_timeout(1200)
    page.screenshot(path=str(IMAGES / f"{shot.name}.png"))
    print(f"docs/images/{shot.name}.png")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
