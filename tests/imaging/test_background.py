"""What shows through transparent pixels."""

from pathlib import Path

from PIL import Image as Pillow

from imaging.background import BACKGROUND, flatten
from tests.factories.pictures import noise


def test_the_grey_is_the_mean_of_the_checkerboards_two():
    style = Path(__file__).parents[2] / "annotation_app/static/editjury/rating/workbench.css"
    assert "repeating-conic-gradient(#9a9a9a 0 25%, #666 0 50%)" in style.read_text()
    assert BACKGROUND == ((0x9A + 0x66) // 2,) * 3


def test_colours_are_mixed_with_the_grey_by_their_alpha():
    # half way at alpha 128 of 255: 10 × 128/255 + 128 × 127/255 = 68.8, and so on
    image = Pillow.new("RGBA", (3, 1), (10, 20, 30, 128))
    image.putpixel((0, 0), (200, 100, 0, 0))
    image.putpixel((2, 0), (255, 254, 253, 255))
    flat = flatten(image)
    assert [flat.getpixel((x, 0)) for x in range(3)] == [BACKGROUND, (69, 74, 79), (255, 254, 253)]


def test_opaque_pixels_stay_as_they_are():
    assert flatten(noise()).tobytes() == noise().tobytes()
