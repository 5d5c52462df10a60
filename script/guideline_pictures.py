"""Draws the example pictures of the default guideline; run it after changing a scene."""

from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

FOLDER = Path(__file__).resolve().parent.parent / "annotation_app/static/editjury/guideline"
SIZE = (360, 270)
RED, YELLOW = (178, 58, 46), (226, 184, 54)
SMOOTH = 3  # drawn larger and scaled down


def draw_house(
    wall: tuple[int, int, int],
    *,
    other_half: tuple[int, int, int] | None = None,
    has_tree: bool = True,
) -> Image.Image:
    """Draw a house under a sky, next to a tree; `other_half` paints its right half."""
    picture = Image.new("RGB", (SIZE[0] * SMOOTH, SIZE[1] * SMOOTH), (142, 190, 226))
    pen = ImageDraw.Draw(picture)

    def box(*corners: float) -> list[float]:
        return [corner * SMOOTH for corner in corners]

    pen.rectangle(box(0, 190, 360, 270), fill=(112, 156, 84))
    pen.ellipse(box(292, 18, 336, 62), fill=(250, 232, 150))
    pen.rectangle(box(90, 110, 240, 215), fill=wall)
    if other_half is not None:
        pen.rectangle(box(165, 110, 240, 215), fill=other_half)
    pen.polygon(box(78, 112, 165, 52, 252, 112), fill=(92, 66, 58))
    pen.rectangle(box(148, 158, 182, 215), fill=(84, 56, 40))
    for left in (104, 200):
        pen.rectangle(box(left, 132, left + 26, 158), fill=(214, 232, 244))
        pen.rectangle(box(left + 12, 132, left + 14, 158), fill=(84, 56, 40))
    if has_tree:
        pen.rectangle(box(288, 150, 302, 222), fill=(98, 72, 50))
        pen.ellipse(box(258, 84, 332, 166), fill=(62, 112, 62))
    return picture.resize(SIZE, Image.Resampling.LANCZOS)


def with_seam(picture: Image.Image) -> Image.Image:
    """Draw a frame of another tone around the house, like the edge of a badly blended patch."""
    mask = Image.new("L", SIZE, 0)
    ImageDraw.Draw(mask).rectangle((74, 44, 256, 226), fill=255)
    brighter = ImageChops.add(picture, Image.new("RGB", SIZE, (26, 22, 12)))
    return Image.composite(brighter, picture, mask)


def main() -> None:
    """Write every picture that the guideline shows."""
    right = draw_house(YELLOW)
    pictures = {
        "source": draw_house(RED),
        "right": right,
        "overedit": draw_house(YELLOW, has_tree=False),
        "half": draw_house(YELLOW, other_half=RED),
        "ignored": draw_house(RED),
        "seam": with_seam(right),
        "blur": right.filter(ImageFilter.GaussianBlur(3)),
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures.items():
        picture.save(FOLDER / f"house-{name}.png", optimize=True)


if __name__ == "__main__":
    main()
