import pytest

from annotation_app.models import Task
from annotation_app.selectors.benchmarks.leaderboards import campaign_board
from tests.factories.benchmarks import LEVELS, make_checked_campaign
from tests.factories.world import make_annotators, make_campaign

pytestmark = pytest.mark.django_db


def test_generators_are_ranked_by_their_mean_scores_over_all_and_by_category():
    campaign, _ = make_checked_campaign(6, raters=1)
    board = campaign_board(campaign)
    assert board.items == 6
    assert set(board.boards) == {"all", "colour", "object"}
    means = {row["generator"]: row["overall_mean"] for row in board.boards["all"]}
    # every generator made one candidate of each item, and everybody scored it alike
    assert sorted(means.values(), reverse=True) == [sum(levels) for levels in LEVELS]
    assert board.boards["all"][0]["candidates"] == 6
    assert board.boards["colour"][0]["candidates"] == 3
    # the first generator always wins: no finite ability, and the reason is told
    assert (board.no_abilities, board.boards["all"][0]["log_ability"]) == ("separated", None)


def test_ratings_of_other_designs_can_be_left_out():
    campaign, _ = make_checked_campaign(4, raters=1)
    chosen = campaign.campaign_items.first()
    Task.objects.filter(campaign_item=chosen).update(design="imported")
    assert campaign_board(campaign).items == 4
    assert campaign_board(campaign, random_only=True).items == 3


def test_nothing_rated_is_an_empty_board():
    campaign = make_campaign(2, k=2)
    make_annotators(campaign, 1)
    assert campaign_board(campaign).records == []
