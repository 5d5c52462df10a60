"""Home, preferences and the language switch."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotation_app.enums import Language
from annotation_app.selectors.people.memberships import campaign_places
from annotation_app.services.people.preferences import set_language, set_preferences
from annotation_app.web.home.forms import PreferencesForm
from annotation_app.web.home.next_steps import next_step
from annotation_app.web.requests import signed_in


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The campaigns one takes part in, with what one can do there."""
    user, now = signed_in(request), timezone.now()
    places = [(place, next_step(user, place, now)) for place in campaign_places(user)]
    return render(request, "home/home.html", {"places": places})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """A person's language and colour scheme, and the way to password and two factors."""
    user = signed_in(request)
    form = PreferencesForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["language"]
        set_preferences(
            user=user,
            language=Language(chosen) if chosen else None,
            theme=form.cleaned_data["theme"],
        )
        messages.success(request, _("Saved."))
        return _with_language(redirect("preferences"), user.language)
    return render(request, "home/preferences.html", {"form": form})


@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Change the language here and now, and remember it for a signed-in person."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    language = request.POST.get("language", "")
    if language not in Language.values:
        return redirect(target)
    if request.user.is_authenticated:
        set_language(user=signed_in(request), language=Language(language))
    return _with_language(redirect(target), language)


def _with_language(response: HttpResponse, language: str) -> HttpResponse:
    if not language:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return response
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
