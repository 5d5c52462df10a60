"""Loading what a benchmark page's address names."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from annotation_app.models import Benchmark
from annotation_app.selectors.campaigns.access import Permission
from annotation_app.web.loading import load_campaign


def load_benchmark(
    request: HttpRequest, slug: str, number: int, permission: Permission
) -> Benchmark:
    """The benchmark of an address, for the signed-in person.

    Raises:
        Http404: if there is none that they may know of.
    """
    campaign = load_campaign(request, slug, permission)
    benchmarks = Benchmark.objects.select_related("snapshot", "job", "created_by", "published_by")
    found = get_object_or_404(benchmarks, campaign=campaign, number=number)
    found.campaign = campaign  # with its collection and rubric at hand
    return found
