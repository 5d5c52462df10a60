"""Doors of members, invitations and workload."""

from django.urls import path

from annotation_app.web.people import invitations, members, workload

urlpatterns = [
    path("campaigns/<str:slug>/members/", members.member_list, name="member-list"),
    path("campaigns/<str:slug>/members/invite/", invitations.invite_people, name="invite"),
    path("campaigns/<str:slug>/members/<int:member>/", members.member_change, name="member-change"),
    path("campaigns/<str:slug>/members/<int:member>/act/", members.member_act, name="member-act"),
    path(
        "campaigns/<str:slug>/members/<int:member>/tokens/",
        members.member_tokens,
        name="member-tokens",
    ),
    path(
        "campaigns/<str:slug>/invitations/<int:invitation>/",
        invitations.invitation_change,
        name="invitation-change",
    ),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("campaigns/<str:slug>/workload/", workload.workload_page, name="workload"),
    path("campaigns/<str:slug>/workload/payment.csv", workload.payment_file, name="payment-file"),
]
