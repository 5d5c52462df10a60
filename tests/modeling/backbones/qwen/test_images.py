"""The pixel budget and the patches, against transformers' PIL processor."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from modeling.backbones.qwen.images import ImageSettings, cut_patches, fit_image, normalise
from tests.modeling.backbones.qwen.tiny import picture, processor_for, tiny_backbone

QWEN2_5 = ImageSettings(14, 2, 2, (0.48, 0.46, 0.41), (0.27, 0.26, 0.28))
QWEN3 = ImageSettings(16, 2, 2, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


@given(st.integers(8, 900), st.integers(8, 900), st.sampled_from([QWEN2_5, QWEN3]))
@settings(max_examples=40, deadline=None)
def test_a_fitted_image_is_inside_the_budget_in_whole_cells_and_fits_again(width, height, family):
    image = Image.new("L", (width, height))
    fitted = fit_image(image, family)
    assert fitted.mode == "RGB"
    assert fitted.width % family.factor == fitted.height % family.factor == 0
    assert fitted.width * fitted.height <= max(448 * 448, family.factor * fitted.width)
    assert fit_image(fitted, family) is fitted


def test_the_default_budget_keeps_a_448_square_and_shrinks_a_larger_one_to_it():
    assert fit_image(Image.new("RGB", (448, 448)), QWEN2_5).size == (448, 448)
    assert fit_image(Image.new("RGB", (1024, 1024)), QWEN2_5).size == (448, 448)
    assert fit_image(Image.new("RGB", (1600, 900)), QWEN2_5).size == (588, 308)


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
def test_patches_equal_those_of_the_processor_with_its_own_resizing(family, tmp_path):
    core = tiny_backbone(tmp_path, family).core
    rng = np.random.default_rng(5)
    images = [picture(rng, 50, 40), picture(rng, 16, 24)]
    expected = processor_for(core, min_pixels=64, max_pixels=1024)(images, return_tensors="pt")
    patches, grids = cut_patches([fit_image(image, core.images) for image in images], core.images)
    assert patches.dtype is torch.uint8
    assert torch.equal(grids, expected["image_grid_thw"])
    torch.testing.assert_close(
        normalise(patches, core.images), expected["pixel_values"], atol=1e-5, rtol=0
    )


def test_a_budget_below_one_cell_is_refused():
    with pytest.raises(ValueError, match="allows no image"):
        ImageSettings(14, 2, 2, (0.5,), (0.5,), max_pixels=27 * 28)
