"""Doors of the annotators' panels."""

from django.urls import path

from annotation_app.web.raters import views

urlpatterns = [
    path("campaigns/<str:slug>/raters/", views.rater_list, name="rater-list"),
    path("campaigns/<str:slug>/raters/study/", views.rater_study, name="rater-study"),
    path("campaigns/<str:slug>/raters/<uuid:rater>/", views.rater_panel, name="rater-panel"),
]
