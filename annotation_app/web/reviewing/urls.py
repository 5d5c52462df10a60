"""Doors of the reviewer's pages."""

from django.urls import path

from annotation_app.web.reviewing import flags, views

urlpatterns = [
    path("campaigns/<str:slug>/review/", views.review_queue, name="review"),
    path("campaigns/<str:slug>/review/<int:case>/claim/", views.review_claim, name="review-claim"),
    path("campaigns/<str:slug>/review/<int:case>/rate/", views.review_rate, name="review-rate"),
    path(
        "campaigns/<str:slug>/review/<int:case>/decide/", views.review_decide, name="review-decide"
    ),
    path("campaigns/<str:slug>/flags/", flags.flag_queue, name="flags"),
    path("campaigns/<str:slug>/flags/<int:flag>/", flags.flag_settle, name="flag-settle"),
]
