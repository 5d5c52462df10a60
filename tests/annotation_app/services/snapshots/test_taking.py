from fractions import Fraction

import pytest

from annotation_app.enums import Provenance
from annotation_app.exceptions import ConflictError, NothingToDoError
from annotation_app.models import Adjudication, Candidate, FinalScore, Item, SnapshotItem
from annotation_app.services.rating.revisions import revise_rating
from annotation_app.services.snapshots.splits import SplitChoices
from annotation_app.services.snapshots.taking import SnapshotChoices, take_snapshot
from tests.factories.rated import rate_by_rule, rate_next
from tests.factories.world import NOON, make_annotators, make_campaign, make_judgement

pytestmark = pytest.mark.django_db(transaction=True)


def quiet(done, total, message):
    pass


def snap(campaign, seed=5):
    choices = SnapshotChoices(SplitChoices(seed))
    return take_snapshot(campaign=campaign, created_by=None, choices=choices, progress=quiet)


@pytest.fixture
def rated():
    """One item of three candidates, rated 4, 3, 1 and 4, 2, 2 on IF; 2 and 2 on VQ."""
    campaign = make_campaign(1, k=3, base=2)
    first, second = make_annotators(campaign, 2)
    rate_by_rule(campaign, first, lambda place, key: (4, 3, 1)[place] if key == "if" else 2)
    rate_by_rule(campaign, second, lambda place, key: (4, 2, 2)[place] if key == "if" else 2)
    return campaign


def test_final_scores_are_exact_means_with_their_provenance(rated):
    snapshot = snap(rated)
    scores = FinalScore.objects.filter(snapshot=snapshot, dimension__key="if").order_by("candidate")
    assert [Fraction(s.numerator, s.denominator) for s in scores] == [
        4,
        Fraction(5, 2),
        Fraction(3, 2),
    ]
    assert {s.provenance for s in scores} == {Provenance.MEAN}
    assert (snapshot.item_count, snapshot.rating_count) == (1, 2)


def test_an_adjudicated_level_outranks_the_mean(rated):
    item = rated.campaign_items.get()
    candidate = Candidate.objects.filter(drawn__campaign_item=item).order_by("pk")[1]
    dimension = rated.rubric.dimensions.get(key="if")
    [reviewer] = make_annotators(rated, 1)
    Adjudication.objects.create(
        campaign_item=item, candidate=candidate, dimension=dimension, level=1, reviewer=reviewer
    )
    score = FinalScore.objects.get(snapshot=snap(rated), candidate=candidate, dimension=dimension)
    assert (score.numerator, score.provenance) == (1, Provenance.ADJUDICATED)


def test_the_same_ratings_give_the_same_digest_and_a_new_rating_another():
    campaign = make_campaign(2, k=3)
    first, second = make_annotators(campaign, 2)
    rate_next(campaign, first)
    one, same = snap(campaign), snap(campaign)
    rate_next(campaign, second)
    assert one.digest == same.digest
    assert snap(campaign).digest != one.digest


def test_ratings_in_a_snapshot_close_for_changes():
    campaign = make_campaign(1, k=3)
    [annotator] = make_annotators(campaign, 1)
    rating = rate_next(campaign, annotator)
    snap(campaign)
    rating.refresh_from_db()
    with pytest.raises(ConflictError):
        revise_rating(rating=rating, judgement=make_judgement(rating.lease, (1, 1)), now=NOON)


def test_withdrawn_items_stay_out(rated):
    Item.objects.update(withdrawn_at=NOON, withdrawal_reason="licence")
    assert SnapshotItem.objects.filter(snapshot=snap(rated)).count() == 0


def test_a_campaign_without_ratings_has_nothing_to_snapshot():
    with pytest.raises(NothingToDoError):
        snap(make_campaign(1))


def test_splits_are_recorded_once_and_connected_items_share_one():
    campaign = make_campaign(6, k=3)
    [annotator] = make_annotators(campaign, 1)
    rate_next(campaign, annotator)
    snap(campaign)
    before = dict(Item.objects.values_list("pk", "split"))
    assert len(set(before.values())) == 1  # the world's items share one source image
    assert "" not in before.values()
    snap(campaign, seed=99)
    assert dict(Item.objects.values_list("pk", "split")) == before
