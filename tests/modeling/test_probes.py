import numpy as np
import pytest
from PIL import Image

from modeling.backbones import ItemInputs
from modeling.model import GroupPrediction
from modeling.probes import ProbeItem, run_probes
from modeling.probes.manipulations import tint_background


def picture(shade, *, edited=False):
    pixels = np.full((16, 16, 3), shade, dtype=np.uint8)
    if edited:
        pixels[4:8, 4:8] = (250, 20, 20)
    return Image.fromarray(pixels)


@pytest.fixture
def items():
    found = []
    for number, shade in enumerate((60, 90, 120)):
        candidates = (("bad", picture(10)), ("best", picture(shade, edited=True)))
        inputs = ItemInputs(f"i{number}", "Add a red box.", picture(shade), candidates)
        found.append(ProbeItem(inputs, "best"))
    return found


def scorer(value):
    """A model whose overall score of an image is ``value(position, pixels, source)``."""

    def score(inputs):
        return [_prediction(each, value) for each in inputs]

    return score


def _prediction(inputs, value):
    source = np.asarray(inputs.source, dtype=float)
    means = np.array(
        [
            value(i, np.asarray(image, float), source)
            for i, (_, image) in enumerate(inputs.candidates)
        ]
    )
    column = means[:, None]
    names = tuple(name for name, _ in inputs.candidates)
    ones = np.ones_like(column)
    return GroupPrediction(
        inputs.item_id, names, column, ones, means, ones[:, 0], 0 * ones, ones, column, 0 * ones
    )


def by_name(results):
    return {result.name: result for result in results}


def test_a_model_that_loves_light_fails_the_brightness_probe_only(items):
    found = by_name(run_probes(items, scorer(lambda i, pixels, source: pixels.mean())))
    assert found["brightness"].share == 1
    assert found["brightness"].mean_gain > 0
    assert found["position"].failures == 0


def test_a_faithful_model_passes_every_probe(items):
    """It rewards the red box and punishes every other change."""

    def value(i, pixels, source):
        outside = np.ones((16, 16), dtype=bool)
        outside[4:8, 4:8] = False
        wanted = -np.abs(pixels[4:8, 4:8] - (250, 20, 20)).mean()
        return wanted - np.abs(pixels - source)[outside].mean()

    for result in run_probes(items, scorer(value)):
        assert (result.name, result.failures) == (result.name, 0)


def test_a_model_that_favours_a_place_fails_the_position_probe(items):
    found = by_name(run_probes(items, scorer(lambda i, pixels, source: float(i))))
    assert found["position"].share == 1
    assert found["position"].interval.low < 1


def test_only_what_the_edit_left_alone_is_tinted():
    tinted = np.asarray(tint_background(picture(100), picture(100, edited=True)))
    assert (tinted[4:8, 4:8] == (250, 20, 20)).all()
    assert (tinted[0, 0] == (128, 90, 78)).all()
    assert tint_background(picture(0), picture(200)) is None


def test_probes_without_items_are_undefined_not_perfect():
    for result in run_probes([], scorer(lambda *_: 0.0)):
        assert (result.items, result.share) == (0, None)
