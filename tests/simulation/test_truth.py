"""Truth: the published formula, monotone in every habit, thresholds and ambiguity."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.editors.habits import Habits
from simulation.truth import Sight, judge_truth

SIGHT = Sight("recolour", changed_share=0.06, crowding=0.5)
SHARE = st.floats(0.0, 1.0)
HABITS = st.builds(
    Habits,
    ignore=SHARE,
    half_done=SHARE,
    mistaken=st.booleans(),
    over_edit=SHARE,
    blur=SHARE,
    seam=SHARE,
    crush=SHARE,
    tint=SHARE,
)


def _truth(habits, sight=SIGHT):
    return judge_truth(habits, habits.completeness, sight)


def test_a_perfect_edit_is_very_good_and_an_ignored_one_very_poor_at_following():
    assert _truth(Habits()).quality == pytest.approx({"if": 4.7, "vq": 4.7})
    ignored = _truth(Habits(ignore=1.0))
    assert ignored.quality == pytest.approx({"if": 0.6, "vq": 4.7})
    assert (ignored.level("if"), ignored.level("vq")) == (1, 4)


def test_the_formula_by_hand():
    truth = _truth(Habits(half_done=0.5, over_edit=0.4, tint=0.5, blur=0.5))
    # 0.5 · (1 − 0.55·0.4) · (1 − 0.2·0.5) = 0.351; (1 − 0.72·0.5)(1 − 0.55·0.5) = 0.464
    assert truth.quality["if"] == pytest.approx(0.6 + 4.1 * 0.351)
    assert truth.quality["vq"] == pytest.approx(0.6 + 4.1 * 0.464)
    # Half the plain size is missing (0.06 of 0.12): small = 0.5.
    assert truth.ambiguity["if"] == pytest.approx(0.47 + 0.28 + 0.17 + 0.17)
    assert truth.ambiguity["vq"] == pytest.approx(0.44 + 0.10 + 0.23 + 0.20)
    assert truth.overall == pytest.approx(truth.quality["if"] + truth.quality["vq"])


def test_half_an_addition_leaves_a_ghost_that_half_a_recolouring_does_not():
    half = Habits(half_done=0.5)
    ghost = _truth(half, replace(SIGHT, category="add")).quality["vq"]
    assert ghost == pytest.approx(0.6 + 4.1 * 0.7)
    assert _truth(half).quality["vq"] == pytest.approx(4.7)


@given(habits=HABITS, name=st.sampled_from(["ignore", "half_done", "over_edit", "tint"]))
def test_following_never_rises_with_a_habit(habits, name):
    worse = replace(habits, **{name: 0.5 + getattr(habits, name) / 2})
    assert _truth(worse).quality["if"] <= _truth(habits).quality["if"] + 1e-12
    assert _truth(replace(habits, mistaken=True)).quality["if"] <= _truth(habits).quality["if"]


@given(habits=HABITS, name=st.sampled_from(["blur", "seam", "crush", "tint"]))
def test_visual_quality_never_rises_with_a_habit(habits, name):
    worse = replace(habits, **{name: 0.5 + getattr(habits, name) / 2})
    assert _truth(worse).quality["vq"] <= _truth(habits).quality["vq"] + 1e-12


@given(habits=HABITS)
def test_ambiguity_grows_with_crowding_smallness_blur_and_vague_words(habits):
    plain = _truth(habits).ambiguity
    for sight in (replace(SIGHT, crowding=0.9), replace(SIGHT, changed_share=0.01)):
        assert all(_truth(habits, sight).ambiguity[d] > plain[d] for d in ("if", "vq"))
    blurred = _truth(replace(habits, blur=1.0)).ambiguity
    assert all(blurred[d] >= plain[d] for d in ("if", "vq"))
    vague = _truth(habits, replace(SIGHT, vague=True)).ambiguity
    assert vague["if"] > plain["if"] + 1
    assert vague["vq"] == plain["vq"]
