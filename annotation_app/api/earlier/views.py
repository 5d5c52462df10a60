"""What has moved to `/api/v1`: says so, and where to."""

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

GONE = 410


@csrf_exempt  # nothing is done here, whoever asks
def moved(_request: HttpRequest, path: str) -> JsonResponse:
    """Answer 410 with what to do: a page is loaded again, a program asks under the new address.

    A redirect would keep what it leads to unsaid: `curl -fO` without `-L` stores its text as if it
    were the file, and ends well.

    Raises:
        Http404: if the address is one of the present version, which has nothing there.
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
