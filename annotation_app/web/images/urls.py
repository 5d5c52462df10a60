"""Doors of images for those who may see a collection."""

from django.urls import path

from annotation_app.web.images import views

urlpatterns = [
    path("images/<uuid:token>/", views.image, name="image"),
    path("images/<uuid:token>/thumbnail/", views.thumbnail, name="image-thumbnail"),
]
