"""Items with photograph-like pictures: `python -m benchmarks.ratings.gallery ITEMS WIDTH HEIGHT`.

Every picture is a noisy gradient, so that it weighs and decodes like a photograph. Prints
`{"slug", "sessions": {language: cookie}, "picture_kb"}`; the second person reads Chinese.
"""

import hashlib
import io
import json
import sys
from uuid import uuid4

import django

django.setup()

# Models and factories exist only once Django is set up.
from django.core.files.base import ContentFile  # noqa: E402
from django.core.files.storage import default_storage  # noqa: E402
from django.test import Client  # noqa: E402
from PIL import Image as Picture  # noqa: E402
from PIL import ImageChops  # noqa: E402

from annotation_app.models import Candidate, Image, Item  # noqa: E402
from tests.factories.world import make_annotators, make_viewable_campaign  # noqa: E402

NOISE = 12.0


def main() -> None:
    """Make the campaign and repaint its pictures."""
    items, width, height = (int(word) for word in sys.argv[1:4])
    campaign = make_viewable_campaign(items, k=7)
    weights = [_repaint(image, (width, height), i) for i, image in enumerate(Image.objects.all())]
    people = make_annotators(campaign, 2)
    sessions = {}
    for language, person in zip(("en", "zh-hans"), people, strict=True):
        person.language = language
        person.save()
        client = Client()
        client.force_login(person)
        sessions[language] = client.session.session_key
    assert Item.objects.count() == items < Candidate.objects.count()  # noqa: S101 - a broken study must stop
    print(
        json.dumps(
            {
                "slug": campaign.slug,
                "sessions": sessions,
                "picture_kb": round(sum(weights) / len(weights) / 1000),
            }
        )
    )


def _repaint(image: Image, size: tuple[int, int], place: int) -> int:
    base = Picture.linear_gradient("L").resize(size)
    noise = [Picture.effect_noise(size, NOISE) for _ in range(3)]
    channels = [ImageChops.add(base.rotate(7 * place + 90 * i), noise[i], 2) for i in range(3)]
    picture = Picture.merge("RGB", channels)
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", lossless=True, method=0)
    image.file = default_storage.save(f"images/{uuid4().hex}.webp", ContentFile(buffer.getvalue()))
    image.width, image.height = size
    image.pixel_sha256 = hashlib.sha256(picture.tobytes()).hexdigest()
    image.save()
    return buffer.tell()


if __name__ == "__main__":
    main()
