"""Every door of the site."""

from django.urls import include, path

from annotation_app.admin import site

urlpatterns = [
    path("", include("annotation_app.web.home.urls")),
    path("", include("annotation_app.web.tokens.urls")),
    path("", include("annotation_app.web.jobs.urls")),
    path("", include("annotation_app.web.health.urls")),
    path("", include("annotation_app.web.annotate.urls")),
    path("", include("annotation_app.web.setup.urls")),
    path("", include("annotation_app.web.guidelines.urls")),
    path("", include("annotation_app.web.people.urls")),
    path("", include("annotation_app.web.threads.urls")),
    path("", include("annotation_app.web.campaigns.urls")),
    path("", include("annotation_app.web.agreement.urls")),
    path("", include("annotation_app.web.reports.urls")),
    path("", include("annotation_app.web.disagreements.urls")),
    path("", include("annotation_app.web.raters.urls")),
    path("", include("annotation_app.web.alerts.urls")),
    path("", include("annotation_app.web.quality.urls")),
    path("", include("annotation_app.web.review.urls")),
    path("", include("annotation_app.web.datasets.urls")),
    path("", include("annotation_app.web.benchmarks.urls")),
    path("", include("annotation_app.web.rating_imports.urls")),
    path("", include("annotation_app.web.hub.urls")),
    path("", include("annotation_app.web.models.urls")),
    path("", include("annotation_app.web.collections.urls")),
    path("", include("annotation_app.web.images.urls")),
    path("api/", include("annotation_app.api.work.urls")),
    path("api/", include("annotation_app.api.urls")),
    path("accounts/", include("annotation_app.web.sign_in.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", site.urls),
]

handler404 = "annotation_app.web.errors.not_found"
handler500 = "annotation_app.web.errors.server_error"
