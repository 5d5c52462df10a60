"""How fast the workbench answers in Chromium: a key to its painted score, Enter to the next item.

A real page on gunicorn, items of seven 1024 × 768 pictures that weigh like photographs, preloaded
while the item before is rated. Times run from the key's own time stamp to the frame after the
one that shows the change. Options: --items N (12), --width N, --height N.
"""

import os
import shutil
import sys
from collections.abc import Mapping
from statistics import median

from playwright.sync_api import Page, sync_playwright

from benchmarks.installation import fresh_installation, manage, run_module, served
from benchmarks.targets import Result, at_most

NEEDS_SERVICES = True
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
KEY_MS, NEXT_MS = 50, 150

# Two frames: the change is on the screen once the frame after its own begins.
WATCH = """() => {
  window.keyTimes = []; window.nextTimes = [];
  const painted = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
  document.addEventListener("keydown", (event) => {
    const began = event.timeStamp;
    if (/^[1-9]$/.test(event.key)) painted(() => keyTimes.push(performance.now() - began));
    if (event.key !== "Enter") return;
    const bench = document.getElementById("bench");
    const was = bench.dataset.token;
    const look = () => {
      const { token } = bench.dataset;
      const image = document.querySelector("#pane-candidate img");
      if (token && token !== was && image?.complete) {
        painted(() => nextTimes.push(performance.now() - began));
      } else setTimeout(look, 1);
    };
    look();
  }, true);
}"""


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Rate items by keyboard and read the page's own clock."""
    items = int(options.get("items", 5 if quick else 12))
    size = (options.get("width", "1024"), options.get("height", "768"))
    with fresh_installation("painting") as environment:
        world = run_module(environment, "benchmarks.ratings.gallery", str(items), *size)
        manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        with served(environment) as (port, _), sync_playwright() as playwright:
            path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
            chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
            context = chromium.new_context(viewport={"width": 1440, "height": 900})
            address = f"http://127.0.0.1:{port}"
            cookie = {"name": "sessionid", "value": world["sessions"]["en"], "url": address}
            context.add_cookies([cookie])  # type: ignore[list-item]  # as the driver takes it
            page = context.new_page()
            page.goto(f"{address}/campaigns/{world['slug']}/work/")
            page.evaluate(WATCH)
            for done in range(items - 4):
                _rate(page)
                print(f"item {done + 1} rated", file=sys.stderr)
            page.wait_for_timeout(300)
            keys = sorted(page.evaluate("() => keyTimes"))
            nexts = sorted(page.evaluate("() => nextTimes"))
            chromium.close()
    figures = {
        "items": len(nexts),
        "keys": len(keys),
        "picture_kb": world["picture_kb"],
        "key_to_paint_p50_ms": round(median(keys), 1),
        "key_to_paint_p95_ms": round(keys[int(0.95 * len(keys))], 1),
        "submit_to_next_p50_ms": round(median(nexts), 1),
        "submit_to_next_max_ms": round(nexts[-1], 1),
    }
    targets = [
        at_most("key to painted score, p95 ms", figures["key_to_paint_p95_ms"], KEY_MS),
        at_most("submit to next item painted, p50 ms", figures["submit_to_next_p50_ms"], NEXT_MS),
    ]
    return Result(figures=figures, targets=targets)


def _rate(page: Page) -> None:
    """Score seven candidates at a hurried person's pace, then submit."""
    page.wait_for_selector("#bench[data-token]")
    page.wait_for_timeout(1500)  # reading the instruction; meanwhile the next item arrives
    before = page.evaluate("() => nextTimes.length")
    while page.get_attribute("#submit", "aria-disabled") == "true":
        page.keyboard.press("3")
        page.wait_for_timeout(60)
    page.keyboard.press("Enter")
    page.wait_for_function("(before) => nextTimes.length > before", arg=before)
