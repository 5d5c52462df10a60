"""Doors of the workbench's endpoints."""

from django.urls import path
from django.views.decorators.cache import never_cache

from annotation_app.api.rating import own, views

urlpatterns = [
    path("work/campaigns/<str:slug>/next", never_cache(views.next_task), name="work-next"),
    path("work/campaigns/<str:slug>/session", never_cache(views.session), name="work-session"),
    path("work/heartbeat", never_cache(views.heartbeat), name="work-heartbeat"),
    path("work/leases/<uuid:token>/draft", never_cache(views.draft), name="work-draft"),
    path("work/leases/<uuid:token>/submit", never_cache(views.submit), name="work-submit"),
    path("work/leases/<uuid:token>/skip", never_cache(views.skip), name="work-skip"),
    path("work/leases/<uuid:token>/release", never_cache(views.release), name="work-release"),
    path("work/leases/<uuid:token>/flag", never_cache(views.flag), name="work-flag"),
    path("work/ratings/<uuid:client_uuid>", never_cache(own.rating), name="work-rating"),
    path("work/keymap", never_cache(own.keymap), name="work-keymap"),
]
