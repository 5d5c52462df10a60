"""Doors of the quality pages."""

from django.urls import path

from annotation_app.web.quality import actions, bank, lessons, own, views

urlpatterns = [
    path("campaigns/<str:slug>/quality/", views.quality_home, name="quality"),
    path("campaigns/<str:slug>/quality/rules/", views.quality_plan_change, name="quality-rules"),
    path("campaigns/<str:slug>/quality/gold/", bank.gold_bank, name="gold-bank"),
    path("campaigns/<str:slug>/quality/gold/<int:item_id>/", bank.gold_edit, name="gold-edit"),
    path(
        "campaigns/<str:slug>/quality/gold/<int:item_id>/change/",
        bank.gold_change,
        name="gold-change",
    ),
    path("campaigns/<str:slug>/quality/lessons/", lessons.lessons, name="lessons"),
    path("campaigns/<str:slug>/quality/lessons/<int:lesson>/", lessons.lessons, name="lesson-edit"),
    path(
        "campaigns/<str:slug>/quality/lessons/<int:lesson>/move/",
        lessons.lesson_move,
        name="lesson-move",
    ),
    path(
        "campaigns/<str:slug>/quality/lessons/<int:lesson>/remove/",
        lessons.lesson_remove,
        name="lesson-remove",
    ),
    path(
        "campaigns/<str:slug>/quality/annotators/<int:member>/",
        actions.rater_actions,
        name="rater-actions",
    ),
    path(
        "campaigns/<str:slug>/quality/annotators/<int:member>/act/",
        actions.rater_act,
        name="rater-act",
    ),
    path(
        "campaigns/<str:slug>/quality/annotators/<int:member>/override/",
        views.qualification_override,
        name="qualification-override",
    ),
    path(
        "campaigns/<str:slug>/quality/releases/<int:release>/undo/",
        actions.release_undo,
        name="release-undo",
    ),
    path("notes/<int:note>/read/", actions.note_read, name="note-read"),
    path(
        "campaigns/<str:slug>/training/<uuid:client_uuid>/",
        own.training_feedback,
        name="training-feedback",
    ),
    path("campaigns/<str:slug>/qualification/", own.qualification, name="qualification"),
    path("campaigns/<str:slug>/outcomes/", own.outcomes, name="outcomes"),
]
