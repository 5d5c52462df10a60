"""Doors of the workbench's endpoints."""

from django.urls import path

from annotation_app.api.work import own, views

urlpatterns = [
    path("work/campaigns/<str:slug>/next", views.next_task, name="work-next"),
    path("work/campaigns/<str:slug>/session", views.session, name="work-session"),
    path("work/heartbeat", views.heartbeat, name="work-heartbeat"),
    path("work/leases/<uuid:token>/draft", views.draft, name="work-draft"),
    path("work/leases/<uuid:token>/submit", views.submit, name="work-submit"),
    path("work/leases/<uuid:token>/skip", views.skip, name="work-skip"),
    path("work/leases/<uuid:token>/release", views.release, name="work-release"),
    path("work/leases/<uuid:token>/flag", views.flag, name="work-flag"),
    path("work/ratings/<uuid:client_uuid>", own.rating, name="work-rating"),
    path("work/keymap", own.keymap, name="work-keymap"),
]
