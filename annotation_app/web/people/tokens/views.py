"""A person's own API tokens: list, make, revoke."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from knox.models import AuthToken

from annotation_app.exceptions import AnnotationError
from annotation_app.selectors.people.memberships import sees_results_anywhere
from annotation_app.services.people.tokens import (
    SHOWN,
    FreshToken,
    create_token,
    revoke_tokens,
    token_name,
)
from annotation_app.web.people.tokens.forms import TokenForm
from annotation_app.web.people.tokens.words import say_ended
from annotation_app.web.requests import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth's
@never_cache
def token_list(request: HttpRequest) -> HttpResponse:
    """One's tokens, and the form for a new one, whose text is shown this once."""
    user = signed_in(request)
    may_make = sees_results_anywhere(user)
    if not may_make and not AuthToken.objects.filter(user=user).exists():
        raise Http404
    form = TokenForm(request.POST or None)
    fresh: FreshToken | None = None
    if form.is_valid():
        try:
            fresh = create_token(user=user, **form.cleaned_data)
        except AnnotationError as error:
            form.add_error(None, error.message)
    now = timezone.now()
    tokens = [
        {
            "token": token,
            "name": token_name(token),
            "key": token.token_key[:SHOWN],
            "ended": token.expiry < now,
        }
        for token in AuthToken.objects.filter(user=user)
        .select_related("naming")
        .order_by("-created")
    ]
    archive = request.build_absolute_uri(reverse("api-dataset-archive", args=["CAMPAIGN", 1]))
    context = {
        "form": form,
        "fresh": fresh,
        "tokens": tokens,
        "archive": archive,
        "may_make": may_make,
    }
    return render(request, "people/tokens/list.html", context)


@require_POST
@login_required
def token_revoke(request: HttpRequest) -> HttpResponse:
    """End one of one's tokens, or all of them."""
    user = signed_in(request)
    ended = revoke_tokens(user=user, actor=user, digest=request.POST.get("digest") or None)
    messages.success(request, say_ended(ended))
    return redirect("token-list")
