"""Writing, comparing and publishing guidelines."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Picture

from annotation_app.enums import Role
from annotation_app.models import GuidelineImage, GuidelineVersion
from annotation_app.services.people.members import add_member
from annotation_app.web.rubrics.forms import GuidelineForm
from tests.factories.rated import rate_next
from tests.factories.world import make_annotators, make_campaign, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_campaign(3, k=2)


@pytest.fixture
def admin(campaign, client):
    person = make_user()
    add_member(actor=None, campaign=campaign, user=person, role=Role.ADMIN)
    client.force_login(person)
    return person


def values(campaign, **changes):
    form = GuidelineForm(campaign=campaign, version=campaign.guideline)
    filled = {name: field.initial or "" for name, field in form.fields.items()}
    return {**filled, "note-en": "Clearer levels.", **changes}


def test_a_new_version_is_shown_first_then_published_and_pinned_by_what_nobody_began(
    client, campaign, admin
):
    annotator = make_annotators(campaign, 1)[0]
    before = rate_next(campaign, annotator)
    where = reverse("guideline-new", args=[campaign.slug])
    assert client.get(where).status_code == 200
    body = values(campaign, **{"document-en": "# New\n\nLook **twice**. <script>x</script>"})
    preview = client.post(where, {**body, "act": "preview"}).content.decode()
    assert "<strong>twice</strong>" in preview
    assert "<script>x" not in preview
    assert not GuidelineVersion.objects.filter(campaign=campaign).exists()
    client.post(where, {**body, "act": "publish"})
    campaign.refresh_from_db()
    assert campaign.guideline.number == 2
    assert campaign.guideline.change_note == {"en": "Clearer levels."}
    after = rate_next(campaign, annotator)
    assert (before.guideline.number, after.guideline.number) == (1, 2)
    shown = client.get(reverse("guideline-changes", args=[campaign.slug, 2])).content.decode()
    assert "Look **twice**." in shown
    assert 'class="added"' in shown
    assert client.get(reverse("guideline-versions", args=[campaign.slug])).status_code == 200


def test_a_language_half_filled_in_is_refused(client, campaign, admin):
    body = values(campaign, **{"word-zh-hans-if-name": "", "act": "publish"})
    client.post(reverse("guideline-new", args=[campaign.slug]), body)
    assert not GuidelineVersion.objects.filter(campaign=campaign).exists()


def test_the_unchanged_wording_survives_the_form(campaign):
    form = GuidelineForm(values(campaign), campaign=campaign, version=campaign.guideline)
    assert form.is_valid()
    assert form.content()["wording"] == campaign.guideline.wording


def test_an_example_image_is_re_encoded_and_shown_to_members_alone(client, campaign, admin):
    buffer = io.BytesIO()
    Picture.new("RGB", (9, 7), (3, 2, 1)).save(buffer, "PNG")
    file = SimpleUploadedFile("secret-name.png", buffer.getvalue())
    where = reverse("guideline-image-add", args=[campaign.slug])
    client.post(where, {"image": file, "name": "A clean edit"})
    image = GuidelineImage.objects.get()
    shown = reverse("guideline-image", args=[campaign.slug, image.public_id])
    client.force_login(make_annotators(campaign, 1)[0])
    answer = client.get(shown)
    assert answer.headers["Content-Type"] == "image/webp"
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"
    client.force_login(make_user())
    assert client.get(shown).status_code == 404


def test_what_is_no_image_is_refused(client, campaign, admin):
    file = SimpleUploadedFile("x.png", b"<svg onload=alert(1)>")
    where = reverse("guideline-image-add", args=[campaign.slug])
    assert client.post(where, {"image": file, "name": "x"}).status_code == 302
    assert not GuidelineImage.objects.exists()


def test_an_example_image_of_more_pixels_than_a_request_encodes_is_refused(client, campaign, admin):
    buffer = io.BytesIO()
    Picture.new("1", (2100, 2001)).save(buffer, "PNG")
    file = SimpleUploadedFile("wide.png", buffer.getvalue())
    where = reverse("guideline-image-add", args=[campaign.slug])
    answer = client.post(where, {"image": file, "name": "x"}, follow=True)
    assert "4,200,000" in answer.content.decode()
    assert not GuidelineImage.objects.exists()
