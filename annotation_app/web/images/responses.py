"""The answer that carries an image; every view that serves pixels returns this."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

KEPT_SECONDS = 3600


def image_response(name: str) -> FileResponse:
    """Answer with a stored WebP: nothing in it or around it says what it is or runs anything.

    Args:
        name: storage name of a served copy or thumbnail.

    Raises:
        Http404: if the file is gone.
    """
    try:
        file = default_storage.open(name, "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/webp", filename="image.webp")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
