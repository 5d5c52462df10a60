"""The API tokens of all people, for those who administer the installation."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from annotation_app.models import User
from annotation_app.policies import can_administer_installation
from annotation_app.services.people.tokens import revoke_tokens
from annotation_app.web.people.tokens.words import say_ended
from annotation_app.web.requests import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def everyone(request: HttpRequest) -> HttpResponse:
    """Who has tokens; a person's are ended together."""
    actor = signed_in(request)
    if not can_administer_installation(actor):
        raise Http404
    if request.method == "POST":
        owner = get_object_or_404(User, pseudonym=request.POST.get("person", ""))
        ended = revoke_tokens(user=owner, actor=actor, reason="revoked by an admin")
        messages.success(request, say_ended(ended))
        return redirect("token-everyone")
    owners = User.objects.filter(auth_token_set__isnull=False).annotate(
        tokens=Count("auth_token_set"), last=Max("auth_token_set__expiry")
    )
    return render(request, "people/tokens/everyone.html", {"owners": owners})
