"""Lessons in an order that can be changed, and their examples too."""

import pytest
from django.urls import reverse

from annotation_app.enums import Role
from annotation_app.models import AuditEvent, Lesson, LessonExample
from annotation_app.selectors.quality.training import next_example
from annotation_app.services.people.members import add_member
from annotation_app.services.quality.lessons import move_lesson, remove_lesson, save_lesson
from tests.factories.gold import make_gold
from tests.factories.world import make_annotators, make_campaign, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_campaign(8, k=2)


@pytest.fixture
def gold(campaign):
    return make_gold(campaign, 5)


@pytest.fixture
def lessons(campaign, gold):
    parts = {"A": gold[:1], "B": gold[1:2], "C": gold[2:5]}
    return [
        save_lesson(
            actor=make_user(), campaign=campaign, lesson=None, title=title, introduction="",
            examples=examples,
        )
        for title, examples in parts.items()
    ]  # fmt: skip


@pytest.fixture
def reviewer(campaign, client):
    person = make_user()
    add_member(actor=None, campaign=campaign, user=person, role=Role.REVIEWER)
    client.force_login(person)
    return person


def titles(campaign):
    return "".join(Lesson.objects.filter(campaign=campaign).values_list("title", flat=True))


def test_lessons_move_by_one_place_and_not_over_the_ends(campaign, lessons):
    actor = make_user()
    assert move_lesson(actor=actor, lesson=lessons[2], by=-1)
    assert titles(campaign) == "ACB"
    assert not move_lesson(actor=actor, lesson=lessons[1], by=1)
    assert not move_lesson(actor=actor, lesson=lessons[0], by=-1)
    remove_lesson(actor=actor, lesson=lessons[2])  # leaves a gap
    assert move_lesson(actor=actor, lesson=lessons[1], by=-1)
    assert titles(campaign) == "BA"
    assert AuditEvent.objects.filter(object_type="lesson", data__moved=-1).count() == 2


def test_the_next_example_follows_the_order(campaign, gold, lessons):
    [ann] = make_annotators(campaign, 1)
    move_lesson(actor=make_user(), lesson=lessons[1], by=-1)
    assert next_example(annotator=ann, campaign=campaign).gold_item == gold[1]


def test_pages_move_lessons_and_examples(client, campaign, gold, lessons, reviewer):
    where = reverse("lesson-move", args=[campaign.slug, lessons[0].pk])
    client.post(where, {"act": "down"})
    assert titles(campaign) == "BAC"
    last = reverse("lesson-move", args=[campaign.slug, lessons[2].pk])
    client.post(last, {"act": "up", "example": gold[4].pk})
    order = LessonExample.objects.filter(lesson=lessons[2]).values_list("gold_item", flat=True)
    assert list(order) == [gold[2].pk, gold[4].pk, gold[3].pk]
    # another lesson's example is none of this one's
    assert client.post(where, {"act": "up", "example": gold[4].pk}).status_code == 404
    assert client.post(where, {"act": "sideways"}).status_code == 302
    page = client.get(reverse("lessons", args=[campaign.slug])).content.decode()
    assert page.count(reverse("lesson-move", args=[campaign.slug, lessons[2].pk])) == 4


def test_changing_a_lessons_words_keeps_the_order_of_its_examples(
    client, campaign, gold, lessons, reviewer
):
    client.post(
        reverse("lesson-move", args=[campaign.slug, lessons[2].pk]),
        {"act": "up", "example": gold[4].pk},
    )
    where = reverse("lesson-edit", args=[campaign.slug, lessons[2].pk])
    offered = client.get(where).context["form"].fields["examples"].choices
    chosen = [pk for pk, _label in offered]
    assert chosen == [gold[2].pk, gold[4].pk, gold[3].pk]
    client.post(where, {"title": "C", "introduction": "Look closely.", "examples": chosen})
    order = LessonExample.objects.filter(lesson=lessons[2]).values_list("gold_item", flat=True)
    assert list(order) == chosen
