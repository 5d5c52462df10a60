"""The world: deterministic, streaming, complete, with a planted bad category."""

import pickle

import numpy as np
import pytest

from simulation.editors.profiles import PROFILES
from simulation.scenes.edits import CATEGORIES
from simulation.scenes.instructions import CHINESE
from simulation.world import World

SMALL = World(seed=8, items=60, image_size=96)


def test_an_item_depends_on_nothing_but_seed_and_index():
    alone = World(seed=8, items=1_000_000, image_size=96).item(41)
    among = list(World(seed=8, items=60, image_size=96))[41]
    assert alone == among
    backwards = [SMALL.item(index).item_id for index in reversed(range(60))]
    assert backwards[::-1] == [item.item_id for item in SMALL]


def test_images_are_the_same_bytes_in_any_order():
    item = SMALL.item(7)
    first = [candidate.draw().tobytes() for candidate in item.candidates]
    SMALL.item(3).candidates[2].draw()
    again = [candidate.draw().tobytes() for candidate in reversed(item.candidates)]
    assert first == again[::-1]


def test_another_seed_is_another_world():
    assert (
        World(9, 1).item(0).draw_source().tobytes() != World(8, 1).item(0).draw_source().tobytes()
    )


def test_a_pool_is_six_editors_by_two_seeds_in_an_order_that_tells_nothing():
    orders = set()
    names = sorted(each.name for each in PROFILES)
    for item in SMALL:
        makers = [(candidate.model, candidate.seed) for candidate in item.candidates]
        assert sorted(makers) == [(name, seed) for name in names for seed in (0, 1)]
        assert len({candidate.candidate_id for candidate in item.candidates}) == 12
        orders.add(tuple(makers))
    assert len(orders) > 50


def test_candidates_have_the_size_and_mode_of_their_source():
    sizes, modes = set(), set()
    for item in SMALL:
        source = item.draw_source()
        image = item.candidates[0].draw()
        assert (image.size, image.mode) == (source.size, source.mode)
        sizes.add(source.size)
        modes.add(source.mode)
    assert {(96, 96), (96, 72), (72, 96)} == sizes
    assert modes == {"RGB", "RGBA"}


def test_all_categories_both_languages_and_several_sources_occur():
    items = list(SMALL)
    assert {item.category for item in items} == set(CATEGORIES)
    assert {item.source_dataset for item in items} == {"simulated-outdoor", "simulated-indoor"}
    chinese = [item for item in items if item.language == CHINESE]
    assert 2 <= len(chinese) <= 20
    assert not any(item.instruction.isascii() for item in chinese)
    assert all(item.language == "en" for item in World(8, 30, chinese_share=0.0))


def test_truth_is_found_by_ids_and_unknown_ids_are_refused():
    item = SMALL.item(5)
    candidate = item.candidates[4]
    assert SMALL.truth(item.item_id, candidate.candidate_id) == candidate.truth
    for item_id, candidate_id in (
        ("sim9-000005", candidate.candidate_id),
        ("elsewhere", candidate.candidate_id),
        (item.item_id, "nobody"),
    ):
        with pytest.raises(KeyError):
            SMALL.truth(item_id, candidate_id)


def test_a_bad_category_is_vague_and_noisy_and_leaves_the_rest_alone():
    planted = World(8, 60, image_size=96, bad_category="move")
    for good, bad in zip(SMALL, planted, strict=True):
        assert good.draw_source().tobytes() == bad.draw_source().tobytes()
        if good.category != "move":
            assert good == bad
            continue
        assert bad.ambiguous
        assert bad.instruction != good.instruction
        noise = [
            b.truth.ambiguity["if"] - g.truth.ambiguity["if"]
            for g, b in zip(good.candidates, bad.candidates, strict=True)
        ]
        assert min(noise) > 1


def test_nearly_all_candidates_of_an_item_are_different_pictures():
    items = [SMALL.item(index) for index in range(20)]
    distinct = [len({c.draw().tobytes() for c in item.candidates}) for item in items]
    assert np.mean(distinct) > 11


def test_a_world_and_its_items_travel_to_other_processes():
    assert pickle.loads(pickle.dumps(SMALL)) == SMALL  # noqa: S301 -- its own bytes
    item = SMALL.item(2)
    assert pickle.loads(pickle.dumps(item)) == item  # noqa: S301 -- its own bytes


@pytest.mark.parametrize(
    "options", [{"items": -1}, {"image_size": 16}, {"bad_category": "teleport"}]
)
def test_impossible_worlds_are_refused(options):
    with pytest.raises(ValueError, match=r"world needs|unknown category"):
        World(**{"seed": 1, "items": 1, **options})
