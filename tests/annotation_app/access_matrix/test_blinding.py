"""Every address, knocked at by people of all roles over two campaigns with one collection.

What each person gets at each address is written down in `blinding.txt`; and nobody finds, in any
answer or header, a mark of an item that they may still judge. Here a seeded share of the people
walks; `script/bench blinding` has everybody walk, and writes the table.
"""

import logging

import pytest

from tests.annotation_app.access_matrix.blind_scene import make_blind_scene
from tests.annotation_app.access_matrix.cast import BLOCKS, EVERYBODY, READER, SETS, sample
from tests.annotation_app.access_matrix.table import read_table, table_lines
from tests.annotation_app.access_matrix.walking import walk

SEED = 20

GROUPS = 4  # of people, that processes share


def test_the_whole_cast_is_each_set_of_roles_here_with_each_in_the_neighbour():
    assert len(SETS) == 11  # none, four alone, six pairs
    assert len(EVERYBODY) == 11 * 11 + len(BLOCKS[-1])
    assert len(set(EVERYBODY)) == len(EVERYBODY)
    chosen = sample(SEED)
    assert {part.here for part in chosen} == set(SETS) == {part.there for part in chosen}


@pytest.mark.django_db
@pytest.mark.parametrize("group", range(GROUPS))
def test_nobody_learns_of_an_item_that_they_may_still_judge_at_any_address(group, tmp_path, caplog):
    caplog.set_level(logging.ERROR, "django.request")  # thousands of refusals are told to nobody
    everyone = sample(SEED)
    # somebody who judges nothing walks in each group: what they find, blind people would too
    parts = [READER, *(part for part in everyone[group::GROUPS] if part != READER)]
    made = walk(make_blind_scene(parts))
    lines = table_lines(made.rows)
    found = tmp_path / "blinding.txt"
    found.write_text("\n".join(lines) + "\n")
    assert made.leaks == []
    assert [mark for mark, where in made.seen.items() if not where] == []
    assert lines == read_table(parts), f"compare with {found}; script/bench blinding"
