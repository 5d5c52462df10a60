"""The page where a person changes the keys of the workbench."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from annotation_app.enums import WorkAction
from annotation_app.exceptions import InvalidInputError
from annotation_app.services.rating.keymaps import DEFAULT_KEYS, NAMED_KEYS, keymap_of, set_keymap
from annotation_app.web.requests import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def keys(request: HttpRequest) -> HttpResponse:
    """Show the key of every action; store changed ones, or the defaults again."""
    user = signed_in(request)
    chosen = keymap_of(user)
    error = ""
    if request.method == "POST":
        wanted = {
            action.value: request.POST[action.value]
            for action in WorkAction
            if action.value in request.POST and "reset" not in request.POST
        }
        try:
            set_keymap(user=user, keys=wanted)
        except InvalidInputError as refused:
            error, chosen = refused.message, chosen | wanted
        else:
            messages.success(request, _("Saved."))
            return redirect("keys")
    rows = [(action, chosen[action.value], DEFAULT_KEYS[action]) for action in WorkAction]
    context = {"rows": rows, "error": error, "named": sorted(NAMED_KEYS)}
    return render(request, "rating/keys.html", context, status=400 if error else 200)
