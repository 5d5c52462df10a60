"""Doors of benchmarks, their judges and the raters' ranking check."""

from django.urls import path

from annotation_app.web.benchmarks import generators, judging, ranking, views

BENCHMARK = "campaigns/<str:slug>/benchmarks/<int:number>/"

urlpatterns = [
    path("campaigns/<str:slug>/benchmarks/", views.benchmark_list, name="benchmark-list"),
    path("campaigns/<str:slug>/benchmarks/new/", views.benchmark_new, name="benchmark-new"),
    path(BENCHMARK, views.benchmark_detail, name="benchmark-detail"),
    path(f"{BENCHMARK}publish/", views.benchmark_publish, name="benchmark-publish"),
    path(f"{BENCHMARK}files/<path:path>", views.benchmark_file, name="benchmark-file"),
    path(f"{BENCHMARK}predictions/", judging.predictions_upload, name="judge-upload"),
    path(f"{BENCHMARK}models/", judging.model_run, name="judge-model"),
    path(f"{BENCHMARK}judges/<uuid:public_id>/", judging.judge_detail, name="judge-detail"),
    path(f"{BENCHMARK}judges/<uuid:public_id>/remove/", judging.judge_remove, name="judge-remove"),
    path(f"{BENCHMARK}leaderboard.<str:kind>", judging.judge_board_file, name="judge-board-file"),
    path("campaigns/<str:slug>/generators/", generators.generator_board, name="generator-board"),
    path(
        "campaigns/<str:slug>/generators.<str:kind>",
        generators.generator_board_file,
        name="generator-board-file",
    ),
    path("campaigns/<str:slug>/ranking-check/", ranking.ranking_list, name="ranking-list"),
    path("ranking-check/<uuid:token>/", ranking.ranking_detail, name="ranking-detail"),
    path(
        "ranking-check/<uuid:token>/image/<int:position>",
        ranking.ranking_image,
        name="ranking-image",
    ),
]
