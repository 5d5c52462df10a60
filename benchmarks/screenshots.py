"""Takes the pictures of the annotator's pages that the documentation shows, on simulated scenes.

Option: --folder PATH (docs/images).
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
ITEMS = 6


class Shot(NamedTuple):
    """One picture: whose page, how large, which keys are pressed before, which page."""

    name: str
    person: str
    size: tuple[int, int]
    keys: str = "433"
    locale: str = "en-GB"
    page: str = "work/"


SHOTS = (
    Shot("annotate-light", "light", DESKTOP),
    Shot("annotate-dark", "dark", DESKTOP),
    Shot("annotate-contrast", "contrast", DESKTOP),
    Shot("annotate-tablet", "light", TABLET),
    Shot("annotate-zh", "chinese", DESKTOP, locale="zh-CN"),
    Shot("annotate-swipe", "light", DESKTOP, keys="s"),
    Shot("annotate-difference", "dark", DESKTOP, keys="d"),
    Shot("annotate-keys", "light", DESKTOP, keys="?"),
    Shot("annotate-guideline", "light", DESKTOP, keys="g"),
    Shot("guideline-zh", "chinese", DESKTOP, keys="", locale="zh-CN", page="guideline/"),
)


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Serve a small campaign and photograph it; `quick` takes the first two pictures."""
    folder = Path(options.get("folder", CHECKOUT / "docs" / "images"))
    folder.mkdir(parents=True, exist_ok=True)
    shots = SHOTS[:2] if quick else SHOTS
    with fresh_installation("screenshots") as environment:
        world = run_module(environment, "benchmarks.ratings.scene", str(ITEMS))
        manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        with served(environment, workers=2) as (port, _), sync_playwright() as playwright:
            path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
            chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
            base = f"http://127.0.0.1:{port}/campaigns/{world['slug']}/"
            for shot in shots:
                page = _open(chromium, shot, base, world["sessions"][shot.person])
                page.screenshot(path=folder / f"{shot.name}.png")
                page.context.close()
            chromium.close()
    taken = [shot.name for shot in shots if (folder / f"{shot.name}.png").exists()]
    done = holds("every picture was taken", met=len(taken) == len(shots))
    return Result(figures={"pictures": taken}, targets=[done])


def _open(chromium: Browser, shot: Shot, base: str, cookie: str) -> Page:
    width, height = shot.size
    context = chromium.new_context(
        viewport={"width": width, "height": height}, locale=shot.locale, reduced_motion="reduce"
    )
    host = "127.0.0.1"
    context.add_cookies([{"name": "sessionid", "value": cookie, "domain": host, "path": "/"}])
    page = context.new_page()
    page.goto(base + shot.page)
    if shot.page == "work/":
        page.wait_for_selector("#workspace[data-token]")
        page.wait_for_load_state("networkidle")
    for key in shot.keys:
        page.keyboard.press(key)
        page.wait_for_timeout(150)
    page.wait_for_timeout(1200)
    return page
