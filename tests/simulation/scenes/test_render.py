"""Drawing scenes: sizes, modes, what overlays what."""

from dataclasses import replace

import numpy as np
import pytest

from simulation.scenes.backdrops import BACKDROPS
from simulation.scenes.graph import Layer, Scene, Thing
from simulation.scenes.kinds import KINDS, area_box, area_share
from simulation.scenes.palette import PAINTS
from simulation.scenes.render import render_scene, with_corners
from simulation.scenes.styles import STYLES


def _scene(*things, **changes):
    plain = Scene(96, 64, "outdoor", (Layer("meadow"),), 5, things)
    return replace(plain, **changes)


def _thing(kind="ball", **changes):
    plain = Thing(kind, "red", PAINTS["red"].rgb, 0.5, 0.8, 0.4, text="OPEN")
    return replace(plain, **changes)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_leaves_its_colour_inside_its_box(kind):
    thing = _thing(kind, tone=(255, 0, 255))
    scene = _scene(thing)
    left, top, right, bottom = area_box(scene, thing)
    pixels = np.asarray(render_scene(scene)).astype(int)[top:bottom, left:right]
    pink = (pixels[..., 0] > 180) & (pixels[..., 1] < 120) & (pixels[..., 2] > 180)
    assert pink.sum() > 20


@pytest.mark.parametrize("name", sorted(BACKDROPS))
def test_every_backdrop_fills_the_picture_and_repeats_exactly(name):
    scene = _scene(backdrops=(Layer(name),))
    image = render_scene(scene)
    assert (image.size, image.mode) == ((96, 64), "RGB")
    assert image.tobytes() == render_scene(scene).tobytes()
    assert np.asarray(image).std() > 5


@pytest.mark.parametrize("name", sorted(STYLES))
def test_every_style_changes_the_picture_more_the_stronger_it_is(name):
    plain = np.asarray(render_scene(_scene(_thing()))).astype(float)
    changes = [
        np.abs(np.asarray(render_scene(_scene(_thing(), styles=(Layer(name, share),)))) - plain)
        for share in (0.3, 1.0)
    ]
    assert 1.0 < changes[0].mean() < changes[1].mean()


def test_a_thing_nearer_the_viewer_hides_one_behind_it():
    red, blue = _thing(), _thing(tone=PAINTS["blue"].rgb, y=0.85)
    for things in ((red, blue), (blue, red)):
        red_part, _, blue_part = np.asarray(render_scene(_scene(*things)))[41, 48]
        assert blue_part > red_part


def test_a_half_wiped_backdrop_shows_the_new_one_left_and_the_old_one_right():
    old = np.asarray(render_scene(_scene())).astype(int)
    new = np.asarray(render_scene(_scene(backdrops=(Layer("night"),)))).astype(int)
    layers = (Layer("meadow"), Layer("night", 0.5))
    half = np.asarray(render_scene(_scene(backdrops=layers))).astype(int)
    assert np.abs(half - new)[:, :36].max() <= 1
    assert np.abs(half - old)[:, 60:].max() <= 1


def test_opacity_lies_between_absent_and_present():
    absent, faint, present = (
        np.asarray(render_scene(_scene(_thing(opacity=opacity)))).astype(float)
        for opacity in (0.0, 0.5, 1.0)
    )
    assert np.array_equal(absent, np.asarray(render_scene(_scene())))
    assert np.abs(faint - (absent + present) / 2).max() <= 2


def test_rounded_scenes_have_transparent_corners_and_an_opaque_middle():
    scene = _scene(rounded=True)
    image = with_corners(scene, render_scene(scene))
    assert image.mode == "RGBA"
    alpha = np.asarray(image)[..., 3]
    assert (alpha[0, 0], alpha[32, 48]) == (0, 255)


def test_area_is_the_box_over_the_picture():
    # Height 0.4 of the short side 64 is 25.6 px; a ball is as wide: a box of 26 x 26 or 25 x 26.
    share = area_share(_scene(_thing()), _thing())
    assert share == pytest.approx(25.6**2 / (96 * 64), rel=0.06)
