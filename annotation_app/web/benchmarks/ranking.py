"""The raters' joint ranking check: one's own groups, one page each."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from annotation_app.exceptions import AnnotationError
from annotation_app.models import JointRanking
from annotation_app.policies import can_decide_ranking, can_enter_campaign
from annotation_app.selectors.benchmarks.rankings import (
    ShownGroup,
    find_ranking,
    own_rankings,
    ranking_picture,
    shown_group,
)
from annotation_app.services.benchmarks.rankings import decide_ranking
from annotation_app.web.images.responses import image_response
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in


@require_safe
@login_required
def ranking_list(request: HttpRequest, slug: str) -> HttpResponse:
    """One's own groups: how many wait, and those done, open to change until publication."""
    campaign = load_campaign(request, slug, can_enter_campaign)
    rankings = list(own_rankings(signed_in(request), campaign))
    waiting = [ranking for ranking in rankings if ranking.ranks is None]
    context = {
        "campaign": campaign,
        "rankings": rankings,
        "waiting": len(waiting),
        "next": waiting[0] if waiting else None,
    }
    return render(request, "benchmarks/rankings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ranking_detail(request: HttpRequest, token: UUID) -> HttpResponse:
    """Confirm or correct the order of one group."""
    ranking = _own(request, token)
    group = shown_group(ranking)
    campaign = ranking.benchmark.campaign
    status = 200
    if request.method == "POST":
        try:
            decide_ranking(ranking=ranking, ranks_shown=_ranks(request, group), now=timezone.now())
        except AnnotationError as error:
            messages.error(request, error.message)
            status = 422
        else:
            return _onward(request, ranking)
    own = own_rankings(signed_in(request), campaign).filter(benchmark=ranking.benchmark)
    context = {
        "campaign": campaign,
        "ranking": ranking,
        "group": group,
        "places": range(1, len(group.candidates) + 1),
        "number": own.filter(pk__lte=ranking.pk).count(),
        "total": own.count(),
    }
    return render(request, "benchmarks/ranking.html", context, status=status)


@require_safe
@login_required
def ranking_image(request: HttpRequest, token: UUID, position: int) -> FileResponse:
    """The picture at a position of the person's own ranking: 0 is the source."""
    name = ranking_picture(_own(request, token), position)
    if name is None:
        raise Http404
    return image_response(name)


def _own(request: HttpRequest, token: UUID) -> JointRanking:
    user = signed_in(request)
    ranking = find_ranking(user, token)
    if ranking is None or not can_decide_ranking(user, ranking):
        raise Http404
    return ranking


def _ranks(request: HttpRequest, group: ShownGroup) -> list[int]:
    """Dense ranks by position on screen; anything odd becomes an order that is refused."""
    given = [request.POST.get(f"place-{one.position}", "") for one in group.candidates]
    if not all(text.isdecimal() and len(text) == 1 for text in given):
        return []
    places = sorted(set(map(int, given)))
    return [places.index(int(text)) for text in given]


def _onward(request: HttpRequest, ranking: JointRanking) -> HttpResponse:
    campaign = ranking.benchmark.campaign
    waiting = own_rankings(signed_in(request), campaign).filter(ranks__isnull=True)
    following = waiting.filter(pk__gt=ranking.pk).first() or waiting.first()
    if following is not None:
        return redirect("ranking-detail", token=following.token)
    messages.success(request, _("All your groups are ranked. Thank you."))
    return redirect("ranking-list", slug=campaign.slug)
