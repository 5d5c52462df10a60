"""Doors in the place of allauth's own."""

from django.urls import path

from annotation_app.web.people.sign_in.own_addresses import OwnAddressesView

urlpatterns = [path("email/", OwnAddressesView.as_view(), name="account_email")]
