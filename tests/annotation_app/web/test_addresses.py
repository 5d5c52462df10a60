"""No name that a person gives leads to the address of a fixed page."""

from importlib import import_module
from itertools import combinations

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.text import slugify

from annotation_app.models import Collection
from annotation_app.services.campaigns.creation import create_campaign
from annotation_app.services.campaigns.slugs import RESERVED
from annotation_app.services.collections.collections import create_collection

NAMED = ("str:", "slug:", "path:")  # converters that a word fits


def routes(patterns, prefix=""):
    """The parts of every address; those of other packages' regular expressions are left out."""
    for entry in patterns:
        route = getattr(entry.pattern, "_route", None)
        if route is None:
            continue
        if isinstance(entry, URLResolver) and entry.app_name != "admin":  # it names by numbers
            yield from routes(entry.url_patterns, prefix + route)
        elif isinstance(entry, URLPattern):
            yield (prefix + route).split("/")


def is_named(part):
    return part.startswith("<") and part[1:].startswith(NAMED)


def hidden_words(one, other):
    """The words at which a fixed address is taken for one with a name, by two routes."""
    words = []
    if len(one) != len(other):
        return words
    for first, second in zip(one, other, strict=True):
        if first == second:
            continue
        if is_named(first) == is_named(second) or "<" in (second if is_named(first) else first):
            return []  # two fixed words, or a number or an identifier that no word is
        words.append(second if is_named(first) else first)
    return [word for word in words if word]  # a name is not empty


def test_the_words_that_hide_a_name_are_reserved_and_no_others():
    everything = combinations(routes(get_resolver().url_patterns), 2)
    hidden = {word for one, other in everything for word in hidden_words(one, other)}
    assert {word for word in hidden if slugify(word) == word} == RESERVED


def test_a_collision_is_found_where_there_is_one():
    assert hidden_words(["c", "new", ""], ["c", "<slug:slug>", ""]) == ["new"]
    assert hidden_words(["c", "<slug:slug>", ""], ["c", "new", ""]) == ["new"]
    assert hidden_words(["c", "new", "x"], ["c", "<slug:slug>", "y"]) == []
    assert hidden_words(["c", "new", ""], ["c", "<int:number>", ""]) == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["New", "new", " NEW! "])
def test_a_collection_of_a_reserved_name_has_a_page_of_its_own(name, admin_client):
    collection = create_collection(name=name, actor=None)
    page = admin_client.get(reverse("collection-detail", args=[collection.slug]))
    assert page.context["collection"] == collection
    assert Collection.objects.get(slug=collection.slug).name == name.strip()


@pytest.mark.django_db
def test_a_campaign_of_a_reserved_name_has_a_page_of_its_own(admin_client):
    collection = create_collection(name="Park", actor=None)
    campaign = create_campaign(actor=None, name="New", collection=collection)
    page = admin_client.get(reverse("campaign-home", args=[campaign.slug]))
    assert page.context["campaign"] == campaign


@pytest.mark.django_db
def test_a_collection_that_was_hidden_is_moved_to_an_address_of_its_own():
    for slug in ("new", "park"):
        Collection.objects.create(name=slug, slug=slug)
    migration = "annotation_app.migrations.0023_move_collections_from_reserved_addresses"
    import_module(migration).move(apps, None)
    moved, kept = Collection.objects.order_by("name").values_list("slug", flat=True)
    assert moved.startswith("new-")
    assert kept == "park"
