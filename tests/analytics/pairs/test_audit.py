"""Duplicates, contradictions and equal pixels."""

from analytics.pairs.audit import PairAudit, PairFact, audit_rows


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
    assert audit_rows(facts) == PairAudit(duplicates=(), contradictions=())


def test_a_row_between_equal_pixels_contradicts_itself():
    assert audit_rows([PairFact("r1", "c", "overall", "p", "p")]).contradictions == (("r1",),)
