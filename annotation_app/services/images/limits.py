"""How large a foreign image may be on this site."""

from django.conf import settings

from imaging.limits import Limits

LONGEST_SIDE = 16_383  # pixels; the limit of WebP, which the served copies are


def image_limits() -> Limits:
    """The operator's limit in all, and that of the served copies on a side."""
    return Limits(pixels=settings.IMAGE_MAX_PIXELS, side=LONGEST_SIDE)
