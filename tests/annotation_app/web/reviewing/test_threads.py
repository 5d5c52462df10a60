"""Talk about items: who reads what, and what it closes."""

from datetime import timedelta

import pytest
from django.urls import reverse

from annotation_app.enums import Role
from annotation_app.exceptions import ConflictError
from annotation_app.models import Rating, Thread
from annotation_app.selectors.reviewing.threads import (
    count_unread,
    readable_messages,
    unread_threads,
)
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.people.members import add_member
from annotation_app.services.rating.revisions import revise_rating
from annotation_app.services.rating.submission import submit_rating
from annotation_app.services.reviewing.threads import answer_thread, say_as_annotator, settle_thread
from tests.factories.rated import rate_next
from tests.factories.world import NOON, make_annotators, make_campaign, make_judgement, make_user

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def campaign():
    return make_campaign(1, k=2, base=2)


def bodies(lease, now=LATER):
    return [one.body for one in readable_messages(lease, now=now)]


def reviewer_of(campaign):
    person = make_user()
    add_member(actor=None, campaign=campaign, user=person, role=Role.REVIEWER)
    return person


def test_talking_closes_ones_own_open_rating(campaign):
    annotator = make_annotators(campaign, 1)[0]
    rating = rate_next(campaign, annotator)
    say_as_annotator(lease=rating.lease, text="Is the hat part of it?", now=NOON)
    rating.refresh_from_db()
    assert rating.closed_at == NOON
    with pytest.raises(ConflictError):
        revise_rating(rating=rating, judgement=make_judgement(rating.lease), now=NOON)


def test_a_question_before_rating_is_read_by_reviewers_alone(campaign):
    campaign.shows_others_after_close = True
    campaign.save()
    asking, other = make_annotators(campaign, 2)
    lease = lease_next_task(annotator=asking, campaign=campaign, now=NOON)
    say_as_annotator(lease=lease, text="Which hat?", now=NOON)
    rated = rate_next(campaign, other)
    assert bodies(lease) == ["Which hat?"]
    assert bodies(rated.lease) == []
    answer_thread(
        actor=reviewer_of(campaign), thread=Thread.objects.get(), text="Red", lease=lease, now=NOON
    )
    assert bodies(lease) == ["Which hat?", "Red"]
    assert bodies(rated.lease) == []
    submit_rating(lease=lease, judgement=make_judgement(lease), now=NOON)
    assert Rating.objects.get(annotator=asking).closed_at is None  # the question closed nothing


@pytest.mark.parametrize("allowed", [True, False])
def test_others_words_are_read_after_ones_own_rating_is_closed_where_allowed(campaign, allowed):
    campaign.shows_others_after_close = allowed
    campaign.save()
    one, other = make_annotators(campaign, 2)
    first = rate_next(campaign, one)
    say_as_annotator(lease=first.lease, text="I gave a four.", now=NOON)
    lease = lease_next_task(annotator=other, campaign=campaign, now=NOON)
    assert bodies(lease) == []
    second = submit_rating(lease=lease, judgement=make_judgement(lease), now=NOON).rating
    assert bodies(lease, now=NOON) == []  # still open to change
    assert bodies(second.lease, now=LATER) == (["I gave a four."] if allowed else [])


def test_a_word_to_everyone_waits_until_the_rating_is_closed(campaign):
    annotator = make_annotators(campaign, 1)[0]
    rating = rate_next(campaign, annotator)
    thread = Thread.objects.create(
        campaign=campaign, campaign_item=rating.campaign_item, last_message_at=NOON
    )
    answer_thread(actor=reviewer_of(campaign), thread=thread, text="A three.", lease=None, now=NOON)
    assert bodies(rating.lease, now=NOON) == []
    assert bodies(rating.lease, now=LATER) == ["A three."]


def test_badges_count_what_one_has_not_seen_and_the_pages_clear_them(campaign, client):
    annotator, reviewer = make_annotators(campaign, 1)[0], reviewer_of(campaign)
    rating = rate_next(campaign, annotator)
    client.force_login(annotator)
    own = reverse("thread-own", args=[campaign.slug, rating.lease.token])
    client.post(own, {"text": "Why?"})
    thread = Thread.objects.get()
    assert unread_threads(campaign, reviewer) == 1
    client.force_login(reviewer)
    where = reverse("thread-detail", args=[campaign.slug, thread.public_id])
    assert b"Why?" in client.get(where).content
    assert unread_threads(campaign, reviewer) == 0
    client.post(where, {"text": "Because.", "to": str(rating.lease_id), "act": "answer"})
    assert count_unread(annotator=annotator, campaign=campaign, now=LATER) == 1
    client.force_login(annotator)
    answer = client.get(own).content.decode()
    assert "Because." in answer
    assert reviewer.username not in answer
    assert count_unread(annotator=annotator, campaign=campaign, now=LATER) == 0
    assert client.get(reverse("thread-list", args=[campaign.slug])).status_code == 200


def test_a_settled_thread_opens_again_with_a_new_message(campaign):
    annotator, reviewer = make_annotators(campaign, 1)[0], reviewer_of(campaign)
    rating = rate_next(campaign, annotator)
    say_as_annotator(lease=rating.lease, text="One", now=NOON)
    settle_thread(actor=reviewer, thread=Thread.objects.get(), now=NOON)
    assert Thread.objects.get().settled_at == NOON
    say_as_annotator(lease=rating.lease, text="Two", now=LATER)
    assert Thread.objects.get().settled_at is None


def test_nobody_reads_anothers_lease(campaign, client):
    one, other = make_annotators(campaign, 2)
    rating = rate_next(campaign, one)
    client.force_login(other)
    where = reverse("thread-own", args=[campaign.slug, rating.lease.token])
    assert client.get(where).status_code == 404
    assert client.post(where, {"text": "x"}).status_code == 404
