"""Doors of the alert pages."""

from django.urls import path

from annotation_app.web.alerts import alerts, webhooks

urlpatterns = [
    path("campaigns/<str:slug>/alerts/", alerts.alert_list, name="alert-list"),
    path("campaigns/<str:slug>/alerts/mail/", alerts.alert_mail, name="alert-mail"),
    path(
        "campaigns/<str:slug>/alerts/<uuid:public_id>/acknowledge/",
        alerts.alert_acknowledge,
        name="alert-acknowledge",
    ),
    path("campaigns/<str:slug>/webhooks/", webhooks.webhook_list, name="webhook-list"),
    path(
        "campaigns/<str:slug>/webhooks/<uuid:public_id>/",
        webhooks.webhook_detail,
        name="webhook-detail",
    ),
    path(
        "campaigns/<str:slug>/webhooks/<uuid:public_id>/test/",
        webhooks.webhook_test,
        name="webhook-test",
    ),
    path(
        "campaigns/<str:slug>/webhooks/<uuid:public_id>/delete/",
        webhooks.webhook_delete,
        name="webhook-delete",
    ),
]
