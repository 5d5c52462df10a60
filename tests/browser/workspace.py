"""What a person does on the workbench, for the browser tests and the studies."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

PATIENCE = 20_000  # ms: a busy machine is slow, not wrong


def wait_for_item(page: Page) -> None:
    """Wait until an item is in the workspace with its pictures."""
    expect(page.locator("#workspace[data-token]")).to_be_visible()
    expect(page.locator("#pane-candidate .work-stage img").first).to_be_attached()


def wait_until(page: Page, reached: Callable[[], object]) -> None:
    """Wait until something holds that no page shows, as a row of the database."""
    for _ in range(PATIENCE // 100):
        if reached():
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"not reached within {PATIENCE} ms")


def instruction(page: Page) -> str:
    return page.locator("#instruction").inner_text()


def is_complete(page: Page) -> bool:
    return page.get_attribute("#submit", "aria-disabled") == "false"


def score_all(page: Page, level: str = "3") -> None:
    """Score what is left of the item by keyboard."""
    while not is_complete(page):
        page.keyboard.press(level)


def rate_item(page: Page, level: str = "3") -> str:
    """Rate the item in the workspace by keyboard alone; return its instruction."""
    wait_for_item(page)
    text = instruction(page)
    score_all(page, level)
    page.keyboard.press("Enter")
    return text


def wait_until_saved(page: Page) -> None:
    """Wait until nothing is on its way to the server."""
    expect(page.locator("#save-state[data-state=good][data-waiting='0']")).to_be_visible()
