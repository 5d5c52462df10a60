"""Doors of frozen agreement reports."""

from django.urls import path

from annotation_app.web.agreement.reports import files, views

REPORT = "campaigns/<str:slug>/agreement/<uuid:public_id>/"

urlpatterns = [
    path("campaigns/<str:slug>/agreement/freeze/", views.agreement_freeze, name="agreement-freeze"),
    path("campaigns/<str:slug>/agreement/reports/", views.report_list, name="report-list"),
    path("campaigns/<str:slug>/agreement/compare/", views.report_compare, name="report-compare"),
    path(REPORT, views.agreement_report, name="agreement-report"),
    path(f"{REPORT}verify/", views.report_verify, name="report-verify"),
    path(f"{REPORT}report.json", files.report_json, name="report-json"),
    path(f"{REPORT}report.pdf", files.report_pdf_file, name="report-pdf"),
]
