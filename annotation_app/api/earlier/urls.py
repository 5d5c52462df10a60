"""Addresses of the version before that browsers may still hold: in the outbox, or in an open page.

They stay for good: an entry waits in a browser until its person comes back and signs in.
"""

from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from annotation_app.api.earlier.casing import View, in_earlier_casing
from annotation_app.api.earlier.views import moved
from annotation_app.api.rating import own, views


def _as_before(view: View) -> View:
    return never_cache(in_earlier_casing(view))


urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api-docs", permanent=True), name="earlier-docs"),
    path("work/heartbeat", _as_before(views.heartbeat), name="earlier-heartbeat"),
    path("work/leases/<uuid:token>/draft", _as_before(views.draft), name="earlier-draft"),
    path("work/leases/<uuid:token>/submit", _as_before(views.submit), name="earlier-submit"),
    path("work/leases/<uuid:token>/skip", _as_before(views.skip), name="earlier-skip"),
    path("work/leases/<uuid:token>/flag", _as_before(views.flag), name="earlier-flag"),
    path("work/ratings/<uuid:client_uuid>", _as_before(own.rating), name="earlier-rating"),
    path("<path:path>", moved, name="earlier-moved"),
]
