"""Who sees collections and what their pages show."""

import pytest
from django.test import Client

from annotation_app.models import Collection, Item, Membership
from annotation_app.policies import can_manage_collection, can_see_collection_images
from annotation_app.selectors.collections.collections import visible_collections

SEERS = {"ada", "carl", "rita", "resi"}
MANAGERS = {"ada", "carl"}
EVERYBODY = SEERS | {"anna", "zoe"}


def paths(collection):
    """The pages of a collection and who may open them."""
    item = Item.objects.get(external_id="a")
    base = f"/collections/{collection.slug}/"
    image = f"/images/{item.source_image.token}/"
    return {
        base: SEERS,
        f"{base}items/{item.pk}/": SEERS,
        image: SEERS,
        f"{image}thumbnail/": SEERS,
        f"{base}import/": MANAGERS,
        "/collections/new/": {"ada"},
    }


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_each_page_opens_for_those_who_may_and_is_unknown_to_the_others(
    collection, as_person, name
):
    client = as_person(name)
    for path, allowed in paths(collection).items():
        answer = client.get(path)
        b"".join(answer)  # a streamed answer closes its file at its end
        assert answer.status_code == (200 if name in allowed else 404), path


def test_nobody_sees_anything_without_signing_in(collection, people):
    for path in paths(collection):
        answer = Client().get(path)
        assert answer.status_code == 302, path
        assert "/login/" in answer["Location"]


def test_list_and_policy_agree_about_everybody(collection, people):
    for name, person in people.items():
        listed = collection in visible_collections(person)
        assert listed == can_see_collection_images(person, collection) == (name in SEERS), name
        assert can_manage_collection(person, collection) == (name in MANAGERS), name


def test_paused_and_inactive_people_see_nothing(collection, people):
    Membership.objects.filter(user=people["rita"]).update(status="paused")
    assert not visible_collections(people["rita"]).exists()
    assert not can_see_collection_images(people["rita"], collection)
    people["ada"].is_active = False
    assert not visible_collections(people["ada"]).exists()
    assert not can_see_collection_images(people["ada"], collection)


def test_list_counts_items_candidates_and_campaigns(collection, people, as_person):
    (listed,) = visible_collections(people["ada"])
    counts = vars(listed)
    assert (counts["item_count"], counts["candidate_count"], counts["campaign_count"]) == (2, 4, 1)
    assert b"Park" in as_person("ada").get("/collections/").content
    assert b"Park" not in as_person("zoe").get("/collections/").content


def test_items_are_found_by_words_ids_and_category(collection, as_person):
    client = as_person("resi")
    found = {
        "?q=do+a": {"a"},
        "?q=b": {"b"},
        "?category=add": {"a", "b"},
        "?category=x": set(),
        "?page=99": {"a", "b"},
    }
    for query, names in found.items():
        page = client.get(f"/collections/park/{query}").context["page"]
        assert {item.external_id for item in page} == names, query


def test_item_page_shows_generators_seeds_files_and_metadata(collection, as_person):
    Item.objects.filter(external_id="a").update(metadata={"difficulty": "<b>hard</b>"})
    item = Item.objects.get(external_id="a")
    text = as_person("resi").get(f"/collections/park/items/{item.pk}/").content.decode()
    for word in ("editor-1", "editor-2", "images/one.png", "difficulty", "&lt;b&gt;hard"):
        assert word in text


def test_item_of_another_collection_is_unknown(collection, as_person):
    other = Collection.objects.create(name="Other", slug="other")
    item = Item.objects.get(external_id="a")
    assert as_person("ada").get(f"/collections/{other.slug}/items/{item.pk}/").status_code == 404


def test_images_are_answered_as_inert_private_webp(collection, as_person):
    image = Item.objects.get(external_id="a").source_image
    for path in (f"/images/{image.token}/", f"/images/{image.token}/thumbnail/"):
        answer = as_person("rita").get(path)
        assert answer["Content-Type"] == "image/webp"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Cache-Control"].startswith("private")
        assert answer["Content-Disposition"] == 'inline; filename="image.webp"'
        assert b"".join(answer)[8:12] == b"WEBP"


def test_image_whose_file_is_gone_is_unknown(collection, as_person):
    image = Item.objects.get(external_id="a").source_image
    image.file = "images/none.webp"
    image.save()
    assert as_person("ada").get(f"/images/{image.token}/").status_code == 404


def test_admin_opens_a_collection_and_a_taken_name_is_said(collection, as_person, people):
    client = as_person("ada")
    answer = client.post("/collections/new/", {"name": "公园", "licence": "MIT"})
    fresh = Collection.objects.get(name="公园")
    assert answer["Location"] == f"/collections/{fresh.slug}/import/"
    assert fresh.created_by == people["ada"]
    again = client.post("/collections/new/", {"name": "Park"})
    assert again.status_code == 200
    assert again.context["form"].errors["name"]
