"""The child process of a light job: `python -m workers.tasks.job_child JOB_ID`."""

import sys

from annotation_app.enums import JobKind
from annotation_app.services.agreement.reports.freezing import run_report_job
from annotation_app.services.agreement.reports.verifying import run_verify_job
from annotation_app.services.benchmarks.building import run_build_job
from annotation_app.services.benchmarks.publishing import run_publish_job
from annotation_app.services.benchmarks.uploading import run_scoring_job
from annotation_app.services.campaigns.plan_jobs import run_plan_job
from annotation_app.services.collections.external_set_jobs import run_external_set_job
from annotation_app.services.collections.importing.jobs import run_import_job
from annotation_app.services.collections.rating_imports.jobs import run_ratings_import_job
from annotation_app.services.exports.versions import run_export_job
from annotation_app.services.raters.studying import run_study_job
from workers.tasks.demo import simulate_ratings
from workers.tasks.supervision import Runner, run_claimed

RUNNERS: dict[JobKind, Runner] = {
    JobKind.PLAN_TASKS: run_plan_job,
    JobKind.AGREEMENT_REPORT: run_report_job,
    JobKind.VERIFY_REPORT: run_verify_job,
    JobKind.STUDY_RATERS: run_study_job,
    JobKind.IMPORT_ITEMS: run_import_job,
    JobKind.SIMULATE_RATINGS: simulate_ratings,
    JobKind.EXPORT_DATASET: run_export_job,
    JobKind.BUILD_BENCHMARK: run_build_job,
    JobKind.IMPORT_RATINGS: run_ratings_import_job,
    JobKind.PUBLISH_BENCHMARK: run_publish_job,
    JobKind.SCORE_PREDICTIONS: run_scoring_job,
    JobKind.IMPORT_EXTERNAL_SET: run_external_set_job,
}

if __name__ == "__main__":
    sys.exit(run_claimed(int(sys.argv[1]), RUNNERS))
