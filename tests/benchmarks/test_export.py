"""How the study of exports judges what its programs report."""

from benchmarks.export import judge


def report(**changes):
    return {
        "pairs": {"possible": 42},
        "reconciles": True,
        "seconds": 12.0,
        "peak_mb": 250.0,
        "sha256": "a",
        "written_mb": 90.0,
        "estimated_mb": 100.0,
    } | changes


def missed(first, second, inside):
    return [target["name"] for target in judge(2, first, second, inside) if not target["met"]]


def test_two_items_of_seven_make_42_pairs_and_all_targets_are_met():
    assert missed(report(), report(), report()) == []


def test_the_faster_of_two_runs_counts_and_the_larger_memory():
    assert missed(report(seconds=31.0), report(), report()) == []
    assert missed(report(), report(peak_mb=501.0), report()) == ["its peak of memory, MB"]


def test_other_bytes_lost_pairs_and_small_estimates_are_seen():
    assert missed(report(), report(sha256="b"), report()) == ["the same bytes twice"]
    assert missed(report(pairs={"possible": 41}), report(), report()) == ["42 pairs exactly"]
    assert missed(report(), report(), report(written_mb=101.0)) == [
        "size written over size foretold"
    ]
