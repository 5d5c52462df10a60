"""Edits: proposed within the scene, worded, performed wholly, in part and wrongly."""

from dataclasses import replace

import numpy as np
import pytest

from simulation.scenes.compose import compose_scene
from simulation.scenes.edits import CATEGORIES, changed_share, edited_boxes, propose_edit
from simulation.scenes.instructions import CHINESE, ENGLISH, phrase_edit
from simulation.scenes.palette import PAINTS, mix
from simulation.scenes.perform import Attempt, perform_edit, spoil_bystanders
from simulation.scenes.render import render_scene
from simulation.seeding import stream


def _case(category, key=1):
    scene = compose_scene(stream(key, "scene"), 128, lettered=category == "text")
    return scene, propose_edit(stream(key, "edit"), scene, category)


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("key", range(6))
def test_a_right_edit_changes_pixels_and_an_edit_not_attempted_changes_none(category, key):
    scene, edit = _case(category, key)
    source = np.asarray(render_scene(scene)).astype(int)
    done = perform_edit(scene, edit, Attempt()).scene
    left = perform_edit(scene, edit, Attempt(completeness=0.0)).scene
    assert np.abs(np.asarray(render_scene(done)) - source).max() > 20
    assert np.array_equal(np.asarray(render_scene(left)), source)


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_mistaken_edit_differs_from_the_right_one(category):
    scene, edit = _case(category)
    right = perform_edit(scene, edit, Attempt()).scene
    wrong = perform_edit(scene, edit, Attempt(wrong=True)).scene
    assert right != wrong
    assert wrong != scene


@pytest.mark.parametrize("language", [ENGLISH, CHINESE])
@pytest.mark.parametrize("category", CATEGORIES)
def test_every_instruction_is_filled_in_and_written_in_its_language(category, language):
    for key in range(20):
        scene, edit = _case(category, key)
        words = phrase_edit(stream(key, "words"), scene, edit, language)
        assert "{" not in words
        assert words.isascii() == (language == ENGLISH)


def test_half_a_recolouring_is_the_colour_half_way():
    scene, edit = _case("recolour")
    old = scene.things[edit.target].tone
    half = perform_edit(scene, edit, Attempt(completeness=0.5)).scene
    assert half.things[edit.target].tone == mix(old, PAINTS[edit.value].rgb, 0.5)


def test_half_a_rewording_counts_whole_letters():
    scene, edit = _case("text")
    outcome = perform_edit(scene, edit, Attempt(completeness=0.6))
    # 0.6 of four letters is 2.4: two are written.
    assert outcome.completeness == 0.5
    assert outcome.scene.things[edit.target].text[:2] == edit.value[:2]


def test_half_a_move_ends_half_way():
    scene, edit = _case("move")
    start = scene.things[edit.target].x
    moved = perform_edit(scene, edit, Attempt(completeness=0.5)).scene.things[edit.target]
    assert moved.x == pytest.approx((start + edit.x) / 2)


def test_bystanders_are_spoiled_but_never_the_thing_spoken_of():
    scene, edit = _case("recolour", 3)
    spoiled = spoil_bystanders(scene, edit, 1.0)
    changed = [a != b for a, b in zip(scene.things, spoiled.things, strict=True)]
    assert not changed[edit.target]
    assert sum(changed) == len(changed) - 1
    assert spoil_bystanders(scene, edit, 0.0) == scene


def test_the_size_of_an_edit_orders_the_categories_by_what_they_touch():
    scene, edit = _case("recolour")
    assert changed_share(scene, replace(edit, category="move")) == pytest.approx(
        2 * changed_share(scene, edit)
    )
    assert changed_share(*_case("restyle")) == 1.0
    assert changed_share(scene, edit) < 0.5


@pytest.mark.parametrize("category", CATEGORIES)
def test_edited_boxes_lie_inside_the_picture(category):
    for key in range(8):
        scene, edit = _case(category, key)
        for left, top, right, bottom in edited_boxes(scene, edit):
            assert 0 <= left < right <= scene.width
            assert 0 <= top < bottom <= scene.height


def test_an_unknown_category_is_refused():
    scene, _ = _case("add")
    with pytest.raises(KeyError):
        propose_edit(stream(1), scene, "teleport")
