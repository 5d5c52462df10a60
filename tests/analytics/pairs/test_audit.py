"""Duplicates, contradictions and equal pixels."""

from analytics.pairs.audit import PairFact, audit_rows, byte_identical_candidates
from tests.analytics.pairs.worlds import item_of


def test_the_same_claim_twice_is_a_duplicate_even_under_another_id():
    audit = audit_rows(
        [
            PairFact("r1", "ctx", "overall", "p", "q"),
            PairFact("r2", "ctx", "overall", "p", "q"),
            PairFact("r3", "other", "overall", "p", "q"),
        ]
    )
    assert (audit.duplicates, audit.contradictions) == ((("r1", "r2"),), ())


def test_opposite_claims_on_one_dimension_contradict():
    audit = audit_rows(
        [
            PairFact("r1", "ctx", "overall", "p", "q"),
            PairFact("r2", "ctx", "overall", "q", "p"),
        ]
    )
    assert (audit.duplicates, audit.contradictions) == ((), (("r1", "r2"),))


def test_opposite_rows_of_a_disentangled_tie_do_not_contradict():
    facts = [PairFact("r1", "ctx", "if", "p", "q"), PairFact("r2", "ctx", "vq", "q", "p")]
    assert audit_rows(facts).is_clean


def test_a_row_between_equal_pixels_contradicts_itself():
    assert audit_rows([PairFact("r1", "c", "overall", "p", "p")]).contradictions == (("r1",),)


def test_equal_pixels_are_grouped_by_candidate_id():
    item = item_of((1, 1), (2, 2), (3, 3), (4, 4), pixels=("z", "y", "z", "x"))
    assert byte_identical_candidates(item) == (("a", "c"),)
