"""What has moved to `/api/v1`: says so, and where to."""

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

GONE = 410


@csrf_exempt  # it changes no data
def moved(_request: HttpRequest, path: str) -> JsonResponse:
    """Answer 410 with what to do: reload the page, or use the new address.

    A redirect would hide its target: `curl -fO` without `-L` stores its text as if it were the
    file, and reports success.

    Raises:
        Http404: if the address belongs to the present version, which has no page there.
    """
    if path.startswith("v1/"):
        raise Http404
    if path.startswith("work/"):
        message = _(
            "This page is from an earlier version of the site. Reload it: what you have rated is "
            "kept."
        )
    else:
        message = _("The API has moved. Ask at %(address)s instead.") % {
            "address": f"/api/v1/{path}"
        }
    return JsonResponse({"message": message, "details": {}}, status=GONE)
