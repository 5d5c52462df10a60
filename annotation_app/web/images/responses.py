"""The answer that carries an image; every view that serves pixels returns this."""

import logging

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import FileResponse
from django.utils.translation import gettext as _

from annotation_app.web.errors import FileGoneError

KEPT_SECONDS = 3600

logger = logging.getLogger(__name__)


def open_picture(name: str) -> File[bytes]:
    """Open a stored copy for an answer.

    Raises:
        FileGoneError: if the file is gone; the log names it for the operator.
    """
    try:
        return default_storage.open(name, "rb")
    except FileNotFoundError as error:
        logger.error("the stored picture %s is gone: bring it back from a backup", name)  # noqa: TRY400 - the trace adds no information
        raise FileGoneError(_("This picture's file is no longer on the server.")) from error


def image_response(name: str) -> FileResponse:
    """Answer with a stored WebP; no content or header reveals what it is or runs code.

    Args:
        name: storage name of a served copy or thumbnail.

    Raises:
        FileGoneError: if the file is gone.
    """
    response = FileResponse(open_picture(name), content_type="image/webp", filename="image.webp")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
