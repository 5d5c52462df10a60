"""Drawing a scene graph, anti-aliased by drawing large and averaging. Editors call it."""

from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw

from simulation.scenes.backdrops import paint_backdrop
from simulation.scenes.graph import Layer, Scene, Thing
from simulation.scenes.kinds import KINDS
from simulation.scenes.pen import Pen
from simulation.scenes.styles import STYLES

# Pixels drawn per side of a final pixel.
OVERSAMPLING = 2
# An opacity this close to 0 or 1 is drawn as such.
_CLEAR = 0.01
# A backdrop that leaves less than this is drawn whole.
_SLIVER = 0.03


def render_scene(scene: Scene) -> Image.Image:
    """The scene as an RGB image of `scene.width` x `scene.height` pixels."""
    large = _draw_backdrops(scene)
    for thing in sorted(scene.things, key=lambda each: (KINDS[each.kind].zone != "air", each.y)):
        large = _draw_thing(large, scene, thing)
    image = large.reduce(OVERSAMPLING)
    for style in scene.styles:
        if style.share > 0:
            image = Image.blend(image, STYLES[style.name].look(image), min(1.0, style.share))
    return image


def with_corners(scene: Scene, image: Image.Image) -> Image.Image:
    """The image with the scene's transparent corners, where it has them."""
    if not scene.rounded:
        return image
    result = image.convert("RGBA")
    result.putalpha(_corner_mask(image.size))
    return result


def _draw_backdrops(scene: Scene) -> Image.Image:
    size = (scene.width * OVERSAMPLING, scene.height * OVERSAMPLING)
    image = paint_backdrop(scene.backdrops[0].name, size, scene.backdrop_key).copy()
    for layer in scene.backdrops[1:]:
        above = paint_backdrop(layer.name, size, scene.backdrop_key)
        if layer.share >= 1 - _SLIVER:
            image = above.copy()
        elif layer.share > 0:
            image.paste(above, mask=_wipe(size, layer))
    return image


def _wipe(size: tuple[int, int], layer: Layer) -> Image.Image:
    """A mask that covers the left `share` of the picture, with a soft edge."""
    width = max(2, size[0] // 10)
    edge = round(layer.share * (size[0] + width) - width / 2)
    ramp = Image.linear_gradient("L").rotate(-90).resize((width, size[1]))
    mask = Image.new("L", size, 0)
    mask.paste(255, (0, 0, max(0, edge - width // 2), size[1]))
    mask.paste(ImageChops.invert(ramp), (edge - width // 2, 0))
    return mask


def _draw_thing(image: Image.Image, scene: Scene, thing: Thing) -> Image.Image:
    if thing.opacity <= _CLEAR:
        return image
    if thing.opacity >= 1 - _CLEAR:
        _stamp(image, scene, thing)
        return image
    drawn = image.copy()
    _stamp(drawn, scene, thing)
    return Image.blend(image, drawn, thing.opacity)


def _stamp(image: Image.Image, scene: Scene, thing: Thing) -> None:
    kind = KINDS[thing.kind]
    unit = thing.height * scene.short_side * OVERSAMPLING
    pen = Pen(image, thing.x * image.width, thing.y * image.height, unit)
    if kind.zone == "floor":
        pen.oval((0.03, 0.0), kind.aspect * 0.52, 0.06, (20, 20, 30, 70))
    if kind.lettered is not None:
        kind.lettered(pen, thing.tone, thing.text)
    elif kind.shape is not None:
        kind.shape(pen, thing.tone)


@lru_cache(maxsize=16)
def _corner_mask(size: tuple[int, int]) -> Image.Image:
    large = Image.new("L", (size[0] * 4, size[1] * 4), 0)
    radius = min(size) * 0.6
    box = (0, 0, large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, radius=radius, fill=255)
    return large.reduce(4)
