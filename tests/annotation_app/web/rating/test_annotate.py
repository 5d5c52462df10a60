from datetime import timedelta

import pytest
from django.utils import timezone

from annotation_app.models import Campaign, Lease, Membership, Rating
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.rating.submission import submit_rating
from annotation_app.services.rubrics.rubrics import publish_guideline
from tests.factories.world import make_annotators, make_campaign, make_judgement, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_campaign(3, k=3)


@pytest.fixture
def ann(campaign, client):
    [annotator] = make_annotators(campaign, 1)
    client.force_login(annotator)
    return annotator


@pytest.fixture
def lease(ann, campaign):
    return lease_next_task(annotator=ann, campaign=campaign, now=timezone.now())


def test_the_page_holds_every_anchor_and_the_leases_in_hand(client, campaign, lease):
    page = client.get(f"/campaigns/{campaign.slug}/work/").content.decode()
    assert page.count('type="radio"') >= 8
    assert "Exactly what was asked, complete, and nothing else changed." in page
    assert str(lease.token) in page


def test_the_page_speaks_chinese(client, campaign, lease):
    page = client.get(
        f"/campaigns/{campaign.slug}/work/", headers={"accept-language": "zh-hans"}
    ).content.decode()
    assert "与要求完全一致" in page
    assert 'lang="zh-hans"' in page


def status_of(client, url):
    answer = client.get(url)
    if answer.streaming:
        b"".join(answer.streaming_content)  # read to its end, the file is closed
    return answer.status_code


def test_images_come_private_opaque_and_without_validators(client, lease):
    answer = client.get(f"/work/{lease.token}/image/1")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"].startswith("private")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == "inline"
    assert "ETag" not in answer
    assert "Last-Modified" not in answer
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"
    assert status_of(client, f"/work/{lease.token}/image/0") == 200
    assert client.get(f"/work/{lease.token}/image/4").status_code == 404


def test_denies_images_to_everyone_but_the_lease_holder(client, campaign, lease):
    url = f"/work/{lease.token}/image/1"
    for other in (make_annotators(campaign, 1)[0], make_user(), make_user(superuser=True)):
        client.force_login(other)
        assert client.get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


def test_images_stay_as_long_as_the_history_shows_their_item(client, ann, lease):
    url = f"/work/{lease.token}/image/1"
    now = timezone.now()
    submit_rating(lease=lease, judgement=make_judgement(lease), now=now)
    assert status_of(client, url) == 200
    Lease.objects.update(ended_at=now - timedelta(days=8))
    assert client.get(url).status_code == 404
    Lease.objects.update(ended_at=now)
    Membership.objects.filter(user=ann).update(status="left")
    assert client.get(url).status_code == 404


def test_the_history_shows_seven_days_and_offers_what_is_open(client, campaign, lease):
    now = timezone.now()
    submit_rating(lease=lease, judgement=make_judgement(lease, (4, 2)), now=now)
    page = client.get(f"/campaigns/{campaign.slug}/history/").content.decode()
    assert lease.task.campaign_item.item.instruction in page
    assert "A 4·2" in page
    assert "?change=" in page
    Rating.objects.update(open_until=now)
    assert "?change=" not in client.get(f"/campaigns/{campaign.slug}/history/").content.decode()
    Rating.objects.update(submitted_at=now - timedelta(days=8))
    page = client.get(f"/campaigns/{campaign.slug}/history/").content.decode()
    assert lease.task.campaign_item.item.instruction not in page


def test_a_changed_guideline_is_announced_until_one_has_rated_under_it(client, campaign, lease):
    submit_rating(lease=lease, judgement=make_judgement(lease), now=timezone.now())
    publish_guideline(
        actor=make_user(),
        campaign=campaign,
        document={"en": "# Second edition"},
        wording=campaign.guideline.wording,
        change_note={"en": "Shadows count."},
    )
    url = f"/campaigns/{campaign.slug}/work/"
    assert "Shadows count." in client.get(url).content.decode()
    second = lease_next_task(
        annotator=lease.annotator, campaign=Campaign.objects.get(), now=timezone.now()
    )
    submit_rating(lease=second, judgement=make_judgement(second), now=timezone.now())
    assert "Shadows count." not in client.get(url).content.decode()


def test_the_guideline_is_shown_in_every_version_beside_the_work(client, campaign, ann):
    publish_guideline(
        actor=make_user(),
        campaign=campaign,
        document={"en": "# Second edition <script>x</script>"},
        wording=campaign.guideline.wording,
        change_note={},
    )
    base = f"/campaigns/{campaign.slug}/guideline/"
    page = client.get(base).content.decode()
    assert "Second edition &lt;script&gt;" in page
    assert "Rating image edits" in client.get(f"{base}1/").content.decode()
    assert client.get(f"{base}9/").status_code == 404
    part = client.get(base, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part


def test_the_keys_page_stores_resets_and_refuses(client, ann):
    assert client.post("/preferences/keys/", {"undo": "z"}).status_code == 302
    ann.refresh_from_db()
    assert ann.keymap == {"undo": "z"}
    refused = client.post("/preferences/keys/", {"undo": "x"})
    assert refused.status_code == 400
    assert "cannot be used for both" in refused.content.decode()
    client.post("/preferences/keys/", {"reset": "1", "undo": "z"})
    ann.refresh_from_db()
    assert ann.keymap == {}


def test_denies_the_pages_to_outsiders(client, campaign):
    client.force_login(make_user())
    for page in ("work", "history", "guideline"):
        assert client.get(f"/campaigns/{campaign.slug}/{page}/").status_code == 404


def test_whoever_does_not_annotate_here_is_told_so(client, campaign):
    client.force_login(make_user(superuser=True))
    page = client.get(f"/campaigns/{campaign.slug}/work/").content.decode()
    assert "nothing to rate here" in page
