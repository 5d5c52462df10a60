"""The verification process, started the way the platform starts it."""

import io
import json
import subprocess
import sys

import numpy as np
import pytest

from analytics.agreement.inference.evidence import gather
from analytics.agreement.inference.moment_evidence import moment_evidence
from analytics.agreement.verifiable import verification_problem
from analytics.scales import Scale
from analytics.tables import RatingTable
from analytics.verification.__main__ import main
from analytics.verification.oracles import alpha_in_parts, compare, level_counts, oracle_alpha
from tests.analytics.agreement.test_report import simulated
from tests.factories.moments import moments_of

FOUR = Scale.of([1, 2, 3, 4])


def verify(problems):
    return subprocess.run(
        [sys.executable, "-m", "analytics.verification"],
        input=json.dumps({"problems": problems}),
        capture_output=True,
        text=True,
        check=False,
    )


def ragged_table():
    rng = np.random.default_rng(3)
    rows = rng.integers(1, 5, (60, 5)).astype(object)
    rows[rng.random(rows.shape) < 0.4] = None
    return RatingTable.from_unit_rows(rows.tolist(), FOUR)


def test_reports_from_ratings_and_from_moments_agree_with_both_packages():
    done = verify(
        {
            "direct": verification_problem(gather(simulated())),
            "stored": verification_problem(moment_evidence(moments_of(simulated()))),
            "ragged": verification_problem(gather(ragged_table())),
        }
    )
    found = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert found["largest_difference"] < 1e-12
    assert found["n_figures"] >= 15
    assert found["mismatches"] == []
    assert set(found["versions"]) == {"krippendorff", "statsmodels", "numpy"}


def test_a_wrong_figure_shows_as_its_difference():
    problem = verification_problem(gather(simulated()))
    problem["alphas"]["krippendorff_alpha_ordinal"] += 0.25
    found = compare(problem)
    assert found["differences"]["krippendorff_alpha_ordinal"] == pytest.approx(0.25)
    assert found["mismatches"] == []


def test_a_value_where_the_packages_have_none_is_a_mismatch_and_fails():
    equal = RatingTable.from_unit_rows([[2, 2]] * 3, FOUR)
    problem = verification_problem(gather(equal))
    assert compare(problem)["mismatches"] == []
    problem["alphas"]["krippendorff_alpha_nominal"] = 1.0
    done = verify({"claimed": problem})
    assert done.returncode == 1
    assert json.loads(done.stdout)["mismatches"] == ["claimed.krippendorff_alpha_nominal"]


def test_no_overlap_is_undefined_on_both_sides():
    lonely = RatingTable.from_unit_rows([[1, None], [None, 2]], FOUR)
    found = compare(verification_problem(gather(lonely)))
    assert found["mismatches"] == []
    assert set(found["differences"].values()) == {0.0}


def test_the_program_reads_problems_and_writes_one_line(monkeypatch, capsys):
    problem = verification_problem(gather(ragged_table()))
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps({"problems": {"one": problem}})))
    assert main() == 0
    written = capsys.readouterr().out
    assert written.count("\n") == 1
    assert json.loads(written)["problems"]["one"]["mismatches"] == []


def test_a_unit_of_equal_ratings_leaves_fleiss_undefined_on_both_sides():
    rows = [[2, 2, 2], [2, 2, None], [3, 1, None]]
    found = compare(verification_problem(gather(RatingTable.from_unit_rows(rows, FOUR))))
    assert found["differences"]["fleiss_by_raters.3"] == 0
    assert found["mismatches"] == []


def long_table(n_units=40):
    """Nearly all of 0, 0.5, … 30 occur, out of 0 … 60."""
    rng = np.random.default_rng(8)
    near = rng.integers(0, 60, n_units)[:, None] + rng.integers(-2, 3, (n_units, 3))
    rows = (np.clip(near, 0, 60) / 2).tolist()
    return RatingTable.from_unit_rows(rows, Scale.of([level / 2 for level in range(121)]))


def test_a_long_scale_is_written_by_unit_and_confirmed_with_its_declared_levels():
    problem = verification_problem(gather(long_table()))
    assert problem["patterns"] == []
    assert problem["n_levels"] == 121 > len(problem["levels"])
    assert all(sum(unit[1::2]) == 3 for unit in problem["units"])
    done = verify({"long": problem})
    found = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert found["n_figures"] == 5
    assert found["largest_difference"] < 1e-12


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval"])
def test_the_packages_own_steps_taken_in_parts_give_its_alpha(metric):
    problem = verification_problem(gather(long_table(n_units=150)))
    counts, levels = level_counts(problem), problem["levels"]
    whole = oracle_alpha(counts, levels, metric)
    assert alpha_in_parts(counts, np.asarray(levels), metric, step=40) == pytest.approx(whole)
