"""Images of collections, by unguessable address and only for those who may see them."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from annotation_app.models import Image
from annotation_app.policies import can_see_image
from annotation_app.web.images.responses import image_response
from annotation_app.web.requests import signed_in


@require_safe
@login_required
def image(request: HttpRequest, token: UUID) -> FileResponse:
    """The lossless copy."""
    return image_response(_visible(request, token).file)


@require_safe
@login_required
def thumbnail(request: HttpRequest, token: UUID) -> FileResponse:
    """The small copy for lists."""
    return image_response(_visible(request, token).thumbnail)


def _visible(request: HttpRequest, token: UUID) -> Image:
    found = get_object_or_404(Image, token=token)
    if not can_see_image(signed_in(request), found):
        raise Http404
    return found
