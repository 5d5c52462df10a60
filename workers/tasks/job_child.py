"""The child process of a light job: `python -m workers.tasks.job_child JOB_ID`."""

import sys
from typing import Any

from annotation_app.enums import JobKind
from annotation_app.models import Job
from annotation_app.services.agreement.reports.freezing import run_report_job
from annotation_app.services.agreement.reports.verifying import run_verify_job
from annotation_app.services.benchmarks.building import run_build_job
from annotation_app.services.benchmarks.publishing import run_publish_job
from annotation_app.services.benchmarks.uploading import run_scoring_job
from annotation_app.services.campaigns.plan_jobs import run_plan_job
from annotation_app.services.collections.importing.jobs import run_import_job
from annotation_app.services.collections.rating_imports.jobs import run_ratings_import_job
from annotation_app.services.exports.versions import run_export_job
from annotation_app.services.jobs.reporting import JobReporter
from annotation_app.services.raters.studying import run_study_job
from workers.tasks.demo import simulate_ratings
from workers.tasks.supervision import Runner, run_claimed


def export_dataset(job: Job, reporter: JobReporter) -> dict[str, Any]:
    """Build a dataset version."""
    return run_export_job(job, reporter.progress)


def agreement_report(job: Job, reporter: JobReporter) -> dict[str, Any]:
    """Freeze an agreement report."""
    return run_report_job(job, reporter.progress)


def verify_report(job: Job, reporter: JobReporter) -> dict[str, Any]:
    """Recompute a frozen report with the reference packages."""
    return run_verify_job(job, reporter.progress)


def study_raters(job: Job, reporter: JobReporter) -> dict[str, Any]:
    """Study a campaign's annotators."""
    return run_study_job(job, reporter.progress)


def import_items(job: Job, reporter: JobReporter) -> dict[str, Any]:
    """Import items, or check what an import would do."""
    return run_import_job(job, reporter.progress)


def build_benchmark(job: Job, reporter: JobReporter) -> dict[str, Any]:
    """Choose a benchmark's groups."""
    return run_build_job(job, reporter.progress)


def publish_benchmark(job: Job, reporter: JobReporter) -> dict[str, Any]:
    """Write a checked benchmark's files."""
    return run_publish_job(job, reporter.progress)


def plan_tasks(job: Job, reporter: JobReporter) -> dict[str, Any]:
    """Plan a campaign's tasks."""
    return run_plan_job(job, reporter.progress)


RUNNERS: dict[JobKind, Runner] = {
    JobKind.PLAN_TASKS: plan_tasks,
    JobKind.AGREEMENT_REPORT: agreement_report,
    JobKind.VERIFY_REPORT: verify_report,
    JobKind.STUDY_RATERS: study_raters,
    JobKind.IMPORT_ITEMS: import_items,
    JobKind.SIMULATE_RATINGS: simulate_ratings,
    JobKind.EXPORT_DATASET: export_dataset,
    JobKind.BUILD_BENCHMARK: build_benchmark,
    JobKind.IMPORT_RATINGS: run_ratings_import_job,
    JobKind.PUBLISH_BENCHMARK: publish_benchmark,
    JobKind.SCORE_PREDICTIONS: run_scoring_job,
}

if __name__ == "__main__":
    sys.exit(run_claimed(int(sys.argv[1]), RUNNERS))
