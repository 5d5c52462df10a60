"""Doors of the home pages."""

from django.urls import path

from annotation_app.web.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("preferences/", views.preferences, name="preferences"),
    path("language/", views.switch_language, name="set-language"),
]
