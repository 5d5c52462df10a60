"""Importing ratings: every row is checked, then all are written in one transaction or none."""

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from analytics.tabular.reading import count_rows
from analytics.tabular.rows import RowProblem
from annotation_app.enums import AuditVerb, Design
from annotation_app.exceptions import (
    ConflictError,
    InvalidInputError,
    JobCancelledError,
    NothingToDoError,
)
from annotation_app.models import Campaign, Job, RatingsImport, User
from annotation_app.services.audit.events import record_event
from annotation_app.services.campaigns.planning import plan_campaign
from annotation_app.services.collections.importing.running import ImportOptions, import_items
from annotation_app.services.collections.rating_imports.dimensions import campaign_words
from annotation_app.services.collections.rating_imports.edit_reward_data import EditRewardFolder
from annotation_app.services.collections.rating_imports.reading import RatingsFile
from annotation_app.services.collections.rating_imports.records import (
    RatingsSummary,
    ResolvedRating,
    ScoreRow,
)
from annotation_app.services.collections.rating_imports.resolving import Resolver
from annotation_app.services.collections.rating_imports.writing import write_ratings

Progress = Callable[[int, int, str], None]
ROWS_BETWEEN_REPORTS = 500


def no_progress(done: int, total: int, message: str) -> None:
    """Discard the progress report."""


def never() -> bool:
    """Never ask for a stop."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingsOptions:
    """How ratings are imported.

    Attributes:
        name: the import's name; the file's name if empty.
        dry_run: find every problem without writing.
        declared_random: the importer vouches that items and annotators were drawn at random; only
            then do the ratings enter the headline figures.
        partial: the importer confirms that the file has no scores of some dimensions.
        encoding: of the file, where it is declared.
        partial: the importer confirms that dimensions without scores are left out.
    """

    name: str = ""
    dry_run: bool = False
    declared_random: bool = False
    partial: bool = False
    encoding: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """The importing person, the job, and how the run reports and is stopped."""

    actor: User | None = None
    job: Job | None = None
    progress: Progress = no_progress
    should_stop: Callable[[], bool] = never


def import_ratings(
    *, path: Path, campaign: Campaign, options: RatingsOptions, context: RunContext | None = None
) -> RatingsSummary:
    """Import a ratings file into a campaign, whole or not at all.

    Raises:
        InvalidInputError: if the file cannot be read, or (except in a dry run) a row has a problem;
            the summary with all problems is in the details.
    """
    context = context or RunContext()
    name = options.name or path.name
    summary = RatingsSummary(dry_run=options.dry_run)
    resolver = Resolver(campaign, summary)
    total = _count_rows(path)
    file = RatingsFile(path, campaign_words(campaign), name, options.encoding)
    for row in file.rows():
        resolver.take(row)
        if summary.rows % ROWS_BETWEEN_REPORTS == 0:
            context.progress(min(summary.rows, total), total, "checking rows")
    ratings = resolver.ratings()
    summary.notices, summary.lacking = file.notices, file.lacking
    if not options.dry_run:
        _refuse_doubtful(summary, options)
        _store(campaign, ratings, _Source(name, _sha256(path), options), summary, context)
    return summary


def import_edit_reward_data(
    *, folder: Path, campaign: Campaign, options: RatingsOptions, context: RunContext | None = None
) -> RatingsSummary:
    """Import a published EditReward-Data folder: its items, then its scores as ratings.

    Items are added to the campaign's collection and planned, each in a separate transaction;
    the scores are then written whole. Rows with problems and their items are left out and listed.
    A dry run takes the same steps, but cannot know which candidates the campaign will show.

    Raises:
        InvalidInputError: if the folder has no EditReward-Data.
    """
    context = context or RunContext()
    summary = RatingsSummary(dry_run=options.dry_run)
    with tempfile.TemporaryDirectory(prefix="edit-reward-data-") as place:
        source = EditRewardFolder(folder, Path(place))
        source.read(context.progress)
        summary.add_problems(source.problems)
        items = import_items(
            path=Path(place),
            collection=campaign.collection,
            actor=context.actor,
            options=ImportOptions(dry_run=options.dry_run),
            progress=context.progress,
        )
        summary.new_items = items.imported
        summary.add_problems(items.problems)
    left_out = {problem.item_id for problem in items.problems}
    rows = [row for row in source.scores(_dimensions(campaign)) if _item(row) not in left_out]
    if not options.dry_run:
        plan_campaign(campaign=campaign, actor=context.actor)
    resolver = Resolver(campaign, summary, drops_undrawn=True)
    if options.dry_run:
        resolver.expect(row for row in rows if isinstance(row, ScoreRow))
    resolver.take_all(rows)
    ratings = resolver.ratings()
    if not options.dry_run:
        name = options.name or folder.name
        _store(campaign, ratings, _Source(name, "", options), summary, context)
    return summary


def _item(row: ScoreRow | RowProblem) -> str:
    return row.item if isinstance(row, ScoreRow) else row.item_id


def _refuse_doubtful(summary: RatingsSummary, options: RatingsOptions) -> None:
    """Stop an import with problems, or without a dimension unless that was confirmed."""
    if summary.problem_count:
        raise InvalidInputError(
            f"{summary.problem_count:,} problems: nothing was imported. Correct the file, then "
            "import it again.",
            summary=summary,
        )
    if summary.lacking and not options.partial:
        raise InvalidInputError(
            f"The file has no scores for {', '.join(summary.lacking)}: nothing was imported. Name "
            "the column after the dimension, or confirm that it is left out (--partial).",
            summary=summary,
        )


@dataclass(frozen=True, slots=True)
class _Source:
    """Where ratings come from, for the record."""

    name: str
    sha256: str
    options: RatingsOptions


def _store(
    campaign: Campaign,
    ratings: list[ResolvedRating],
    source: _Source,
    summary: RatingsSummary,
    context: RunContext,
) -> None:
    """Write the ratings in one transaction.

    The job's row is not written meanwhile: a write would keep it locked until the end.

    Raises:
        NothingToDoError: if there is no rating.
        JobCancelledError: if the job was asked to stop; no rating is stored then.
        ConflictError: if another import brought some of the ratings meanwhile.
    """
    if not ratings:
        raise NothingToDoError("There are no ratings to import.")
    context.progress(0, 0, f"writing {len(ratings):,} ratings")
    design = Design.RANDOM if source.options.declared_random else Design.IMPORTED
    with transaction.atomic():
        record = RatingsImport.objects.create(
            campaign=campaign,
            name=source.name[:200],
            file_sha256=source.sha256,
            design=design,
            counts=summary.counts(),
            job=context.job,
            created_by=context.actor,
        )
        _write(record, ratings, context)
        record_event(
            actor=context.actor,
            verb=AuditVerb.IMPORTED,
            object_type="ratings_import",
            object_id=record.public_id,
            campaign=campaign,
            data={"name": record.name, "design": design.value, **summary.counts()},
        )


def _write(record: RatingsImport, ratings: list[ResolvedRating], context: RunContext) -> None:
    """Write the rows under one record, asking between batches whether to stop."""

    def stop_if_asked() -> None:
        if context.should_stop():
            raise JobCancelledError("Stopped as asked; nothing was imported.")

    try:
        with transaction.atomic():
            write_ratings(record=record, ratings=ratings, now=timezone.now(), between=stop_if_asked)
    except IntegrityError as error:
        raise ConflictError(
            "Another import has just added some of these ratings. Check the file again."
        ) from error


def _dimensions(campaign: Campaign) -> tuple[str, ...]:
    return tuple(campaign.rubric.dimensions.values_list("key", flat=True))


def _count_rows(path: Path) -> int:
    with path.open("rb") as file:
        return count_rows(file, path.name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
