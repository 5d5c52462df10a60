"""Every door of the site."""

from django.urls import include, path

from annotation_app.admin import site

urlpatterns = [
    path("", include("annotation_app.web.home.urls")),
    path("", include("annotation_app.web.people.tokens.urls")),
    path("", include("annotation_app.web.jobs.urls")),
    path("", include("annotation_app.web.jobs.health.urls")),
    path("", include("annotation_app.web.rating.urls")),
    path("", include("annotation_app.web.campaigns.setup.urls")),
    path("", include("annotation_app.web.rubrics.urls")),
    path("", include("annotation_app.web.people.urls")),
    path("", include("annotation_app.web.reviewing.threads.urls")),
    path("", include("annotation_app.web.campaigns.urls")),
    path("", include("annotation_app.web.agreement.urls")),
    path("", include("annotation_app.web.agreement.reports.urls")),
    path("", include("annotation_app.web.agreement.disagreements.urls")),
    path("", include("annotation_app.web.raters.urls")),
    path("", include("annotation_app.web.alerts.urls")),
    path("", include("annotation_app.web.quality.urls")),
    path("", include("annotation_app.web.reviewing.urls")),
    path("", include("annotation_app.web.exports.urls")),
    path("", include("annotation_app.web.benchmarks.urls")),
    path("", include("annotation_app.web.collections.rating_imports.urls")),
    path("", include("annotation_app.web.hub.urls")),
    path("", include("annotation_app.web.reward_models.urls")),
    path("", include("annotation_app.web.collections.urls")),
    path("", include("annotation_app.web.images.urls")),
    path("api/v1/", include("annotation_app.api.rating.urls")),
    path("api/v1/", include("annotation_app.api.urls")),
    path("api/", include("annotation_app.api.earlier.urls")),
    path("accounts/", include("annotation_app.web.people.sign_in.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", site.urls),
]

handler404 = "annotation_app.web.errors.not_found"
handler500 = "annotation_app.web.errors.server_error"
