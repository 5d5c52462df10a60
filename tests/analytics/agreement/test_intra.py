import pytest

from analytics.agreement.intra import repeat_table
from analytics.agreement.report import agreement_summary
from analytics.scales import Scale


def test_repeats_of_one_rater_on_one_unit_are_a_pair_and_others_are_not():
    table = repeat_table(
        units=["u", "u", "u", "u", "v", "v"],
        raters=["ann", "ann", "bob", "bob", "ann", "bob"],
        occasions=[1, 2, 1, 2, 1, 1],
        values=[1, 1, 4, 3, 2, 2],
        scale=Scale.of([1, 2, 3, 4]),
    )
    summary = agreement_summary(table)
    assert summary.n_pairable == 2
    assert summary.n_items == 1
    assert summary.as_dict()["exact_agreement"] == pytest.approx(0.5)
