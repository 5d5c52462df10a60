"""Doors of the dataset pages."""

from django.urls import path

from annotation_app.web.exports import building, by_program, comparing, files, splits, views

VERSIONS = "campaigns/<str:slug>/datasets"
VERSION = f"{VERSIONS}/<int:number>"

urlpatterns = [
    path(f"{VERSIONS}/", views.dataset_list, name="dataset-list"),
    path(f"{VERSIONS}/new/", building.dataset_new, name="dataset-new"),
    path(f"{VERSIONS}/compare/", comparing.dataset_compare, name="dataset-compare"),
    path(f"{VERSION}/", views.dataset_detail, name="dataset-detail"),
    path(f"{VERSION}/cancel/", building.dataset_cancel, name="dataset-cancel"),
    path(f"{VERSION}/resume/", building.dataset_resume, name="dataset-resume"),
    path(f"{VERSION}/diff/<int:other>/", comparing.dataset_diff, name="dataset-diff"),
    path(f"{VERSION}/splits/", splits.dataset_splits, name="dataset-splits"),
    path(f"{VERSION}/card/", views.dataset_card, name="dataset-card"),
    path(f"{VERSION}/archive.tar", files.dataset_archive, name="dataset-archive"),
    path(
        f"api/v1/{VERSION}/archive.tar",
        by_program.DatasetArchive.as_view(),
        name="api-dataset-archive",
    ),
    path(f"{VERSION}/SHA256SUMS", files.dataset_checksums, name="dataset-checksums"),
    path(f"{VERSION}/withdrawn.json", files.dataset_withdrawn, name="dataset-withdrawn"),
    path(f"{VERSION}/files/<path:path>", files.dataset_file, name="dataset-file"),
]
