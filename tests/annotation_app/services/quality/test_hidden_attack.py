import pytest

from tests.factories.attack import compare, prepare, run

Z = 3.5  # 1 in 2,000 by chance for each figure
LATENCY = "latency of the lease"  # a busy machine decides: the study looks at it


@pytest.mark.django_db
@pytest.mark.parametrize(("overlap", "people"), [(1, 3), (2, 3)])
def test_no_way_out_tells_a_hidden_check_from_work(overlap, people):
    attack = prepare(300, overlap=overlap, people=people, seed=20261201 + overlap)
    found = compare(run(attack, 500), Z)
    assert min(min(one.hidden, one.work) for one in found.values()) >= 5
    assert {
        name: (one.auc, one.margin) for name, one in found.items() if one.tells and name != LATENCY
    } == {}
