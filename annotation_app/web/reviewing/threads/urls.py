"""Addresses of the discussions of items."""

from django.urls import path

from annotation_app.web.reviewing.threads import inbox, own

urlpatterns = [
    path("campaigns/<str:slug>/questions/", own.thread_list, name="thread-list"),
    path("campaigns/<str:slug>/questions/<uuid:token>/", own.thread_own, name="thread-own"),
    path("campaigns/<str:slug>/inbox/", inbox.thread_inbox, name="thread-inbox"),
    path("campaigns/<str:slug>/inbox/items/<int:item_id>/", inbox.thread_open, name="thread-open"),
    path("campaigns/<str:slug>/inbox/<uuid:public_id>/", inbox.thread_detail, name="thread-detail"),
]
