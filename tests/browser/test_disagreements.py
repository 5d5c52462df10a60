"""The explorer by keyboard: from the list to an item, on with J, back with K."""

import pytest
from playwright.sync_api import expect

from annotation_app.models import ItemSpread
from annotation_app.services.agreement.folding import fold_campaign
from tests.factories.rated import rate_by_rule
from tests.factories.world import NOON, make_annotators, make_campaign, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_items_follow_each_other_by_keyboard(open_page):
    campaign = make_campaign(3, k=2, base=2)
    for which, annotator in enumerate(make_annotators(campaign, 2)):
        for _ in range(3):
            rate_by_rule(campaign, annotator, lambda place, key, which=which: 1 + 3 * which)
    fold_campaign(campaign=campaign, now=NOON)
    items = list(
        ItemSpread.objects.filter(dimension="if")
        .order_by("-campaign_item_id")
        .values_list("campaign_item__item__external_id", flat=True)
    )
    page = open_page(
        make_user(superuser=True), f"/campaigns/{campaign.slug}/agreement/items/?dimension=if"
    )
    page.get_by_role("link", name=items[0]).click()
    expect(page.get_by_role("heading", name=items[0])).to_be_visible()
    for key, shown in (("j", items[1]), ("j", items[2]), ("k", items[1])):
        page.wait_for_load_state()  # the keys' module runs after the page is read
        page.keyboard.press(key)
        expect(page.get_by_role("heading", name=shown)).to_be_visible()
    page.wait_for_load_state()
    send = "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ'}))"
    page.evaluate(send.replace("'KeyJ'", "'KeyJ', bubbles: true"))  # J where letters are Cyrillic
    expect(page.get_by_role("heading", name=items[2])).to_be_visible()
    assert "dimension=if" in page.url
