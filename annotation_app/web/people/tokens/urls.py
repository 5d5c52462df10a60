"""Doors of the API tokens."""

from django.urls import path

from annotation_app.web.people.tokens import everyone, views

urlpatterns = [
    path("preferences/tokens/", views.token_list, name="token-list"),
    path("preferences/tokens/revoke/", views.token_revoke, name="token-revoke"),
    path("tokens/", everyone.everyone, name="token-everyone"),
]
