"""Which scores pairs are built from: expected rows written out for every basis."""

import json
from fractions import Fraction

import pytest

from annotation_app.exceptions import InvalidInputError
from annotation_app.models import FinalScore
from annotation_app.services.exports.options import ExportFormat, ExportOptions
from annotation_app.services.exports.pairing import ScoreBasis
from modeling.data import read_dataset
from tests.factories.rated import rate_by_rule
from tests.factories.world import make_annotators, make_campaign

pytestmark = pytest.mark.django_db(transaction=True)

# Three raters on candidates 0, 1, 2: (IF, VQ) of each.
GIVEN = (
    {0: (4, 2), 1: (2, 2), 2: (1, 4)},
    {0: (4, 2), 1: (3, 3), 2: (1, 4)},
    {0: (1, 2), 1: (3, 4), 2: (3, 2)},
)
# Means: 0 = (3, 2), 1 = (8/3, 3), 2 = (5/3, 10/3); overall 5, 17/3, 5.
# Majority: 0 = (4, 2), 1 = (3, –), 2 = (1, 4); candidate 1 has none on VQ.


@pytest.fixture
def checked():
    campaign = make_campaign(1, k=3, base=3, overlap=3)
    for annotator, levels in zip(make_annotators(campaign, 3), GIVEN, strict=True):
        rate_by_rule(campaign, annotator, lambda place, key, own=levels: own[place][key == "vq"])
    return campaign


def json_rows(folder):
    [path] = [folder / name for name in ("train.json", "validation.json", "test.json")
              if (folder / name).is_file()]  # fmt: skip
    return json.loads(path.read_text())


def claims(rows):
    """(dimension, preferred, other) with candidates by place."""
    names = sorted({name for row in rows for name in row["pair_id"].split(":")[1].split(">")})
    found = []
    for row in rows:
        one, two = row["pair_id"].split(":")[1].split(">")
        found.append((row["dimension"], names.index(one), names.index(two)))
    return sorted(found)


def test_final_scores_are_exact_means(checked, build):
    version, folder = build(checked, scores=ScoreBasis.FINAL)
    # 1 beats 0 and 2 by two thirds; 0 and 2 tie at 5 with opposite dimensions
    assert claims(json_rows(folder)) == [
        ("if", 0, 2), ("overall", 1, 0), ("overall", 1, 2), ("vq", 2, 0),
    ]  # fmt: skip
    assert version.manifest["pairs"]["by_rater"] == {}


def test_a_majority_that_is_missing_makes_pairs_incomparable(checked, build):
    version, folder = build(checked, scores=ScoreBasis.MAJORITY)
    total = version.manifest["pairs"]["total"]
    assert (total["possible"], total["strict"], total["incomparable"]) == (3, 1, 2)
    [row] = json_rows(folder)  # (4, 2) against (1, 4): 6 over 5
    assert (row["model1_overall_score"], row["model2_overall_score"]) == (6, 5)
    assert (row["model1_dim1_score"], row["model2_dim1_score"]) == (4, 1)


def test_each_rater_gives_pairs_of_their_own(checked, build):
    version, folder = build(checked, scores=ScoreBasis.RATER)
    rows = json_rows(folder)
    # overall per rater: 6 4 5; 6 6 5; 3 7 5
    by_rater = {}
    for row in rows:
        by_rater.setdefault(row["rater"], []).append(row)
    found = sorted(claims(own) for own in by_rater.values())
    assert found == sorted(
        [
            [("overall", 0, 1), ("overall", 0, 2), ("overall", 2, 1)],
            [("if", 0, 1), ("overall", 0, 2), ("overall", 1, 2), ("vq", 1, 0)],
            [("overall", 1, 0), ("overall", 1, 2), ("overall", 2, 0)],
        ]
    )
    pairs = version.manifest["pairs"]
    assert (pairs["items"], pairs["total"]["possible"]) == (1, 9)
    assert len(pairs["by_rater"]) == 3
    assert sum(counts["exported_rows"] for counts in pairs["by_rater"].values()) == len(rows) == 10
    assert len({row["pair_id"] for row in rows}) == len(rows)


def test_facet_scores_need_a_band_and_stand_in_the_snapshot_as_thousandths(checked, build):
    with pytest.raises(InvalidInputError, match="explicit tie band"):
        ExportOptions(scores=ScoreBasis.FACET).pair_choice()
    version, folder = build(checked, scores=ScoreBasis.FACET, tie_band="1/10")
    stored = {
        (score.candidate_id, score.dimension.key): Fraction(score.facet_thousandths, 1000)
        for score in FinalScore.objects.select_related("dimension")
    }
    assert len(stored) == 6
    assert all(1 <= score <= 4 for score in stored.values())
    for row in json_rows(folder):
        sides = [
            sum(Fraction(str(row[f"model{side}_dim{place}_score"])) for place in (1, 2))
            for side in (1, 2)
        ]
        margin = sides[0] - sides[1]
        if row["dimension"] == "overall":
            assert margin > Fraction(1, 10)
        else:
            assert abs(margin) <= Fraction(1, 10)
    assert version.manifest["report"]["facet"]["if"]["raters"] == 3


def test_one_rater_alone_gives_no_facet_scores_and_the_build_says_so(campaign, build):
    with pytest.raises(InvalidInputError, match="at least two raters"):
        build(campaign, scores=ScoreBasis.FACET, tie_band="0")


def test_margins_gaps_bands_and_weights_reach_the_rows(checked, build):
    version, folder = build(checked, minimum_margin="3/4")
    total = version.manifest["pairs"]["total"]
    assert (total["strict"], total["small_margin_dropped"], total["exported_rows"]) == (2, 2, 2)
    version, folder = build(checked, minimum_gap="7/5", item_weights=True)
    # gaps of the tie: IF 4/3, VQ 4/3; both go, the two strict rows share the item's weight
    assert [row["weight"] for row in json_rows(folder)] == [0.5, 0.5]
    version, folder = build(checked, tie_band="2/3", dimension_tie_band="0")
    assert version.manifest["pairs"]["total"]["disentangled"] == 3
    assert {row["tie_case"] for row in json_rows(folder)} == {True}


def test_adjudicated_scores_win_over_the_majority(checked, build):
    first, _ = build(checked)
    score = FinalScore.objects.filter(snapshot=first.snapshot, dimension__key="vq").order_by(
        "candidate_id"
    )[1]
    FinalScore.objects.filter(pk=score.pk).update(
        numerator=1, denominator=1, provenance="adjudicated"
    )
    version, _ = build(checked, snapshot=first.snapshot, scores=ScoreBasis.MAJORITY)
    assert version.manifest["pairs"]["total"]["incomparable"] == 0


def test_every_basis_fills_every_format(checked, build):
    for basis in ScoreBasis:
        version, folder = build(checked, scores=basis, tie_band="1/10", formats=tuple(ExportFormat))
        rows = version.manifest["rows"]
        assert set(rows) == {one.value for one in ExportFormat}
        assert rows["edit_reward_json"] == version.manifest["pairs"]["total"]["exported_rows"]
        assert (rows["pointwise"], rows["ratings"], rows["training"]) == (3, 18, 1)
        [group] = read_dataset(folder).groups
        assert len(group.pairs) == rows["edit_reward_json"]
