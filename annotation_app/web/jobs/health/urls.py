"""The door of the health page."""

from django.urls import path

from annotation_app.web.jobs.health import views

urlpatterns = [path("health/", views.health, name="health")]
