"""The operator's page of how the installation is."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from annotation_app.jobs import queue_lengths
from annotation_app.policies import can_administer_installation
from annotation_app.selectors.audit.checks import audit_breaks
from annotation_app.selectors.jobs.health import read_health
from annotation_app.web.jobs.health.words import upkeep_words
from annotation_app.web.requests import signed_in


@require_safe
@never_cache
@login_required
def health(request: HttpRequest) -> HttpResponse:
    """Redis, jobs, regular work, audit log, processes and disk, for the operators."""
    if not can_administer_installation(signed_in(request)):
        raise Http404
    found = read_health(timezone.now())
    upkeep = [(upkeep_words(state.run.name), state) for state in found.upkeep]
    lengths = queue_lengths()
    queues = None if lengths is None else list(lengths.items())
    breaks = audit_breaks(found.audit) if found.audit else []
    context = {"health": found, "upkeep": upkeep, "queues": queues, "breaks": breaks}
    return render(request, "jobs/health/health.html", context)
