"""Example images of guidelines: through the same decoding and re-encoding as every image."""

from django.db import transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Campaign, GuidelineImage, User
from annotation_app.services.audit.events import record_event
from annotation_app.services.images.decoding import count_pixels
from annotation_app.services.images.storing import store_image

LARGEST = 10_000_000  # bytes
MOST_PIXELS = 4_200_000  # 2048 × 2048; the upload's request encodes them, some 0.3 s a million
LONGEST_NAME = 200


def add_guideline_image(
    *, actor: User, campaign: Campaign, data: bytes, name: str
) -> GuidelineImage:
    """Keep an example image; the same pixels again are the same image.

    Raises:
        InvalidInputError: if the file is too large, without a name or no image that is taken.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInputError(_("Describe in a few words what the image shows."))
    if not data or len(data) > LARGEST:
        raise InvalidInputError(_("An example image may have at most 10 MB."))
    if count_pixels(data) > MOST_PIXELS:
        raise InvalidInputError(
            _("An example image may have at most %(most)s pixels, such as 2048 × 2048.")
            % {"most": f"{MOST_PIXELS:,}"}
        )
    image = store_image(data=data, name="guideline")
    with transaction.atomic():
        added, is_new = GuidelineImage.objects.get_or_create(
            campaign=campaign, image=image, defaults={"name": name, "added_by": actor}
        )
        if is_new:
            record_event(
                actor=actor,
                verb=AuditVerb.CREATED,
                object_type="guideline_image",
                object_id=added.public_id,
                campaign=campaign,
                data={"name": name},
            )
    return added
