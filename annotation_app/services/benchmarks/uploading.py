"""Predictions files on their way to the leaderboard: kept when they arrive, read by a job.

Reading one takes memory and time that no web process has to spare.
"""

from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import File
from django.utils.translation import gettext as _

from analytics.tabular.reading import SUFFIXES, is_table
from annotation_app.enums import JobKind
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Benchmark, Job, User
from annotation_app.services.benchmarks.building import benchmark_url
from annotation_app.services.benchmarks.judging import (
    check_name,
    group_candidates,
    record_predictions,
)
from annotation_app.services.benchmarks.predictions import LARGEST, read_predictions
from annotation_app.services.collections.importing.staging import (
    remove_staged,
    stage_upload,
    staged_for_job,
    staged_path,
)
from annotation_app.services.jobs.lifecycle import create_job
from annotation_app.services.jobs.reporting import JobReporter

TOLD = 20  # bad rows in the error that ends a job


def request_scoring(*, benchmark: Benchmark, name: str, file: File[bytes], created_by: User) -> Job:
    """Keep a predictions file and ask for its scoring; the page and the API both call this.

    Raises:
        InvalidInputError: if the file is of another kind or too large.
        ConflictError: if the benchmark is not published, or the name is taken.
    """
    check_name(benchmark=benchmark, name=name)
    if (file.size or 0) > LARGEST:
        raise InvalidInputError(
            _("The file is over 64 MB. Leave out the columns that are not needed.")
        )
    if not is_table(file.name or ""):
        kinds = ", ".join(SUFFIXES)
        raise InvalidInputError(_("Predictions come as a table: %(kinds)s.") % {"kinds": kinds})
    with staged_for_job(stage_upload(file)) as upload:
        return create_job(
            kind=JobKind.SCORE_PREDICTIONS,
            arguments={
                "benchmark": benchmark.pk,
                "name": name.strip(),
                "upload": upload,
                "file": PurePosixPath(file.name or "").name[:200],
            },
            created_by=created_by,
            campaign=benchmark.campaign,
            dedupe_key=f"predictions:{benchmark.pk}:{name.strip()}"[:200],
        )


def run_scoring_job(job: Job, reporter: JobReporter) -> dict[str, Any]:
    """Read, store and score the file that a job names; safe to run again after a crash.

    Raises:
        InvalidInputError: if a row is wrong; the job's page lists the first ones.
    """
    given = job.arguments
    benchmark = Benchmark.objects.select_related("campaign").get(pk=given["benchmark"])
    done = benchmark.judge_runs.filter(job=job).first()
    if done is None:
        path = staged_path(given["upload"])
        reporter(0, 0, given["file"])
        try:
            with path.open("rb") as file:
                predictions = read_predictions(
                    name=given["file"], file=file, groups=group_candidates(benchmark)
                )
        except InvalidInputError as error:
            problems = [str(problem) for problem in error.details.get("problems", [])]
            for problem in problems:
                reporter.log(problem)
            if not problems:
                raise
            # The log is the operators'; who brought the file reads the first rows in the error.
            raise InvalidInputError("\n".join([error.message, *problems[:TOLD]])) from error
        done = record_predictions(
            benchmark=benchmark,
            name=given["name"],
            predictions=predictions,
            actor=job.created_by,
            job=job,
        )
        remove_staged(given["upload"])
    return {"url": benchmark_url(benchmark), "judge": str(done.public_id)}
