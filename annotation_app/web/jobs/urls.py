"""Doors of the job pages."""

from django.urls import path

from annotation_app.web.jobs import views

urlpatterns = [
    path("jobs/", views.job_list, name="job-list"),
    path("jobs/<uuid:public_id>/", views.job_detail, name="job-detail"),
    path("jobs/<uuid:public_id>/cancel/", views.job_cancel, name="job-cancel"),
    path("jobs/<uuid:public_id>/retry/", views.job_retry, name="job-retry"),
]
