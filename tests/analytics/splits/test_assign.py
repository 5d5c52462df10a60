"""Splits by component: inheritance, quarantine, exclusion, and stability under growth."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.splits.assign import EXCLUDED, Quarantine, RecordedLeak, assign_splits
from analytics.splits.components import component_of_items
from analytics.splits.leaks import exact_leaks
from analytics.splits.records import SplitItem, exact_keys, pixel_key, tie_items

SHARES = {"train": Fraction(8, 10), "validation": Fraction(1, 10), "test": Fraction(1, 10)}


def item(name, *keys):
    return SplitItem(name, frozenset(keys))


def assign(items, recorded=None, **options):
    return assign_splits(items, shares=SHARES, seed=7, recorded=recorded or {}, **options)


def test_items_that_share_an_image_share_a_split_and_a_component():
    result = assign([item("a", "h1"), item("b", "h1", "h2"), item("c", "h2"), item("d", "h3")])
    assert result.split_of["a"] == result.split_of["b"] == result.split_of["c"]
    assert result.component_of == {"a": "a", "b": "a", "c": "a", "d": "d"}


def test_a_newcomer_takes_the_split_of_the_release_it_touches():
    for split in SHARES:
        result = assign([item("old", "h"), item("new", "h")], {"old": split})
        assert result.split_of == {"old": split, "new": split}


def test_a_newcomer_that_bridges_two_splits_is_quarantined_and_moves_nobody():
    items = [item("a", "h1"), item("b", "h2"), item("new", "h1", "h2")]
    result = assign(items, {"a": "train", "b": "test"})
    assert result.split_of == {"a": "train", "b": "test"}
    assert result.quarantined == (Quarantine(("new",), ("test", "train"), ("h1", "h2")),)


def test_a_bridge_of_two_newcomers_is_quarantined_whole_but_their_neighbour_is_not():
    items = [
        item("a", "h1"),
        item("b", "h2"),
        item("left", "h1", "middle"),
        item("right", "middle", "h2"),
        item("harmless", "h1"),
    ]
    result = assign(items, {"a": "train", "b": "test"})
    assert [found.item_ids for found in result.quarantined] == [("left", "right")]
    assert result.split_of["harmless"] == "train"


def test_items_of_external_sets_are_excluded_with_their_component():
    items = [item("a", "h1"), item("b", "h1", "h2"), item("c", "h3")]
    result = assign(items, external_keys=["h2"])
    assert (result.split_of["a"], result.split_of["b"]) == (EXCLUDED, EXCLUDED)
    assert result.split_of["c"] in SHARES


def test_a_newcomer_between_training_and_an_external_set_is_quarantined():
    result = assign(
        [item("a", "h1"), item("n", "h1", "ext")], {"a": "train"}, external_keys=["ext"]
    )
    assert [found.splits for found in result.quarantined] == [("excluded", "train")]


def test_leaks_among_released_items_are_reported_and_not_repaired():
    items = [item("a", "h1", "ext"), item("b", "h1")]
    recorded = {"a": "train", "b": "test"}
    result = assign(items, recorded, external_keys=["ext"])
    assert result.split_of == recorded
    assert result.recorded_leaks == (
        RecordedLeak("ext", {"train": ("a",)}),
        RecordedLeak("h1", {"test": ("b",), "train": ("a",)}),
    )


def test_shares_are_met_on_average():
    counts = Counter(assign([item(f"i{n}") for n in range(5_000)]).split_of.values())
    assert counts["train"] / 5_000 == pytest.approx(0.8, abs=0.03)
    assert counts["test"] / 5_000 == pytest.approx(0.1, abs=0.02)


def test_a_share_of_zero_gets_nothing():
    shares = {"train": Fraction(1), "test": Fraction(0)}
    result = assign_splits([item(str(n)) for n in range(50)], shares=shares, seed=1, recorded={})
    assert set(result.split_of.values()) == {"train"}


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="sum to 1"):
        assign_splits([], shares={"train": Fraction(1, 2)}, seed=1, recorded={})
    with pytest.raises(ValueError, match="twice"):
        assign([item("a"), item("a")])
    with pytest.raises(ValueError, match="missing: gone"):
        assign([item("a")], {"gone": "train"})


def test_exact_keys_keep_hashes_and_sources_apart():
    assert exact_keys(["x"], "x") == {"pixels:x", "source:x"}
    assert exact_keys(["x"]) == {pixel_key("x")}


def test_chosen_near_matches_become_edges():
    tied = tie_items([item("a", "h1"), item("b", "h2"), item("c")], [("b", "a")])
    keys_of = {entry.item_id: entry.keys for entry in tied}
    assert component_of_items(keys_of) == {"a": "a", "b": "a", "c": "c"}
    with pytest.raises(KeyError):
        tie_items([item("a")], [("a", "z")])


worlds = st.dictionaries(
    st.integers(0, 30).map(lambda n: f"i{n}"),
    st.frozensets(st.sampled_from("abcdefghijklmnop"), max_size=3),
    min_size=1,
    max_size=20,
)


@given(worlds, st.integers(0, 20), st.randoms(use_true_random=False))
def test_growth_never_moves_a_release_and_never_leaks(world, released, shuffler):
    names = sorted(world)
    first = [SplitItem(name, world[name]) for name in names[:released]]
    before = assign(first)
    everything = [SplitItem(name, world[name]) for name in names]
    shuffler.shuffle(everything)
    after = assign(everything, before.split_of)
    assert {name: after.split_of[name] for name in before.split_of} == before.split_of
    assert exact_leaks(world, after.split_of) == ()
    quarantined = {name for found in after.quarantined for name in found.item_ids}
    assert quarantined | set(after.split_of) == set(names)
    assert not quarantined & set(after.split_of)
    assert not quarantined & set(before.split_of)


@given(worlds, st.randoms(use_true_random=False))
def test_the_order_of_import_does_not_matter(world, shuffler):
    items = [SplitItem(name, keys) for name, keys in world.items()]
    shuffled = list(items)
    shuffler.shuffle(shuffled)
    one, two = assign(items), assign(shuffled)
    assert one.split_of == two.split_of
    assert one.component_of == two.component_of


@given(worlds)
def test_components_equal_repeated_merging(world):
    """Brute force: merge groups until no two share a key."""
    groups = [({name}, set(keys)) for name, keys in world.items()]
    merged = True
    while merged:
        merged = False
        for i in range(len(groups)):
            for j in range(i + 1, len(groups)):
                if groups[i][1] & groups[j][1]:
                    names, keys = groups.pop(j)
                    groups[i] = (groups[i][0] | names, groups[i][1] | keys)
                    merged = True
                    break
            if merged:
                break
    expected = {name: min(names) for names, _ in groups for name in names}
    assert component_of_items(world) == expected
