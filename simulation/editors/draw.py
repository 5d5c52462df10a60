"""Drawing a candidate: the edit performed on the graph, then the habits applied. World calls it."""

import numpy as np
from PIL import Image

from simulation.editors.defects import blur_image, crush_image, seam_image, tint_image
from simulation.editors.habits import Habits
from simulation.scenes.edits import Edit, edited_boxes
from simulation.scenes.graph import Scene
from simulation.scenes.perform import Attempt, Outcome, perform_edit, spoil_bystanders
from simulation.scenes.render import render_scene, with_corners


def attempt_edit(scene: Scene, edit: Edit, habits: Habits) -> Outcome:
    """What the editor's habits make of the scene graph."""
    attempt = Attempt(habits.completeness, wrong=habits.mistaken)
    outcome = perform_edit(scene, edit, attempt)
    spoiled = spoil_bystanders(outcome.scene, edit, habits.over_edit)
    return Outcome(spoiled, outcome.completeness)


def draw_candidate(
    scene: Scene, edit: Edit, habits: Habits, rng: np.random.Generator
) -> Image.Image:
    """The candidate as an image of the scene's size, RGB or, with round corners, RGBA."""
    image = render_scene(attempt_edit(scene, edit, habits).scene)
    image = seam_image(image, habits.seam, edited_boxes(scene, edit))
    image = tint_image(image, habits.tint, rng)
    image = blur_image(image, habits.blur)
    image = crush_image(image, habits.crush)
    return with_corners(scene, image)
