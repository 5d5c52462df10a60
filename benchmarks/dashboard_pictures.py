"""Takes the pictures of the agreement dashboard for the documentation, on a simulated campaign.

A bad annotator and a bad category are planted in it. Option: --folder PATH (docs/images).
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.installation import CHECKOUT, fresh_installation, manage, run_module, served
from benchmarks.targets import Result, holds

NEEDS_SERVICES = True
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DESKTOP, TABLET = (1440, 900), (820, 1180)
ITEMS = 240


class Shot(NamedTuple):
    """One picture: in which theme, how large, from which heading on, at which address."""

    name: str
    theme: str
    size: tuple[int, int] = DESKTOP
    at: str = ""
    query: str = ""


SHOTS = (
    Shot("dashboard-agreement-light", "light"),
    Shot("dashboard-agreement-dark", "dark"),
    Shot("dashboard-slices", "light", at="slices-heading"),
    Shot("dashboard-annotators", "light", at="annotators-heading"),
    Shot("dashboard-confusion", "dark", at="confusion-heading"),
    Shot("dashboard-narrowed", "light", TABLET, query="?by=category&value=restyle"),
)


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Serve the campaign and photograph its page; `quick` takes the first two pictures."""
    folder = Path(options.get("folder", CHECKOUT / "docs" / "images"))
    folder.mkdir(parents=True, exist_ok=True)
    shots = SHOTS[:2] if quick else SHOTS
    with fresh_installation("pictures") as environment:
        world = run_module(environment, "benchmarks.ratings.planted_scene", str(ITEMS))
        manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        with served(environment, workers=2) as (port, _), sync_playwright() as playwright:
            path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
            chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
            base = f"http://127.0.0.1:{port}/campaigns/{world['slug']}/agreement/"
            for shot in shots:
                page = _open(chromium, shot, base, world["sessions"][shot.theme])
                page.screenshot(path=folder / f"{shot.name}.png")
                page.context.close()
            chromium.close()
    taken = [shot.name for shot in shots if (folder / f"{shot.name}.png").exists()]
    done = holds("every picture was taken", met=len(taken) == len(shots))
    return Result(figures={"pictures": taken}, targets=[done])


def _open(chromium: Browser, shot: Shot, base: str, cookie: str) -> Page:
    """Open the page where the shot looks, with the charts in sight drawn."""
    width, height = shot.size
    context = chromium.new_context(
        viewport={"width": width, "height": height}, locale="en-GB", reduced_motion="reduce"
    )
    host = "127.0.0.1"
    context.add_cookies([{"name": "sessionid", "value": cookie, "domain": host, "path": "/"}])
    page = context.new_page()
    page.goto(base + shot.query, wait_until="networkidle")
    if shot.at:
        # Twice: charts above that are drawn on the way move what is below.
        for _ in range(2):
            page.evaluate("id => document.getElementById(id).scrollIntoView()", shot.at)
            page.wait_for_timeout(1500)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)
    return page
