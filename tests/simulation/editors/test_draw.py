"""Candidates: every habit shows in the pixels, and shows more the worse it is."""

from dataclasses import replace

import numpy as np
import pytest

from simulation.editors.draw import draw_candidate
from simulation.editors.habits import Habits
from simulation.editors.profiles import PROFILES, draw_habits
from simulation.scenes.compose import compose_scene
from simulation.scenes.edits import CATEGORIES, propose_edit
from simulation.seeding import stream

SCENE = compose_scene(stream(4, "scene"), 128, lettered=False)
EDIT = propose_edit(stream(4, "edit"), SCENE, "recolour")


def _pixels(**habits):
    image = draw_candidate(SCENE, EDIT, Habits(**habits), stream(4, "pixels"))
    return np.asarray(image.convert("RGB")).astype(float)


@pytest.mark.parametrize("habit", ["over_edit", "blur", "seam", "crush", "tint"])
def test_a_habit_departs_further_from_the_right_edit_the_worse_it_is(habit):
    right = _pixels()
    distances = [np.abs(_pixels(**{habit: s}) - right).mean() for s in (0.25, 0.6, 1.0)]
    assert 0.05 < distances[0] < distances[1] < distances[2]


@pytest.mark.parametrize("habit", ["ignore", "half_done"])
def test_an_edit_left_undone_stays_nearer_the_source_the_worse_the_habit_is(habit):
    source = _pixels(ignore=1.0)
    distances = [np.abs(_pixels(**{habit: s}) - source).mean() for s in (0.0, 0.5, 1.0)]
    assert distances[0] > distances[1] > distances[2] == 0.0


def test_blur_takes_away_sharp_edges():
    sharp, blurred = (np.abs(np.diff(_pixels(blur=s), axis=1)).max() for s in (0.0, 1.0))
    assert blurred < 0.6 * sharp


def test_the_same_habits_and_stream_give_the_same_bytes():
    habits = Habits(half_done=0.3, blur=0.4, crush=0.5, tint=0.2, seam=0.7)
    first, second = (draw_candidate(SCENE, EDIT, habits, stream(9)).tobytes() for _ in range(2))
    assert first == second


def test_transparent_corners_survive_every_defect():
    scene = replace(SCENE, rounded=True)
    image = draw_candidate(scene, EDIT, Habits(blur=1.0, crush=1.0, tint=1.0), stream(4))
    assert image.mode == "RGBA"
    assert np.asarray(image)[0, 0, 3] == 0


@pytest.mark.parametrize("severity", [-0.1, 1.1])
def test_a_severity_outside_zero_and_one_is_refused(severity):
    with pytest.raises(ValueError, match="blur"):
        Habits(blur=severity)


@pytest.mark.parametrize(
    ("name", "habit"),
    [
        ("sim-birch", "ignore"),
        ("sim-cedar", "half_done"),
        ("sim-elm", "over_edit"),
        ("sim-maple", "blur"),
        ("sim-oak", "seam"),
    ],
)
def test_each_editor_has_its_own_worst_habit(name, habit):
    def average(profile):
        drawn = [
            draw_habits(stream(1, profile.name, k), profile, CATEGORIES[k % 7], 0.4)
            for k in range(140)
        ]
        return np.mean([float(getattr(habits, habit)) for habits in drawn])

    averages = {each.name: average(each) for each in PROFILES}
    assert max(averages, key=averages.__getitem__) == name
