"""Running the service: jobs, the audit log, alerts and their delivery."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JobKind(TextChoices):
    """Long work that shows its progress."""

    IMPORT_ITEMS = "import_items", _("Import items")
    PLAN_TASKS = "plan_tasks", _("Plan tasks")
    AGREEMENT_REPORT = "agreement_report", _("Agreement report")
    EXPORT_DATASET = "export_dataset", _("Export dataset")
    BUILD_BENCHMARK = "build_benchmark", _("Build benchmark")
    IMPORT_RATINGS = "import_ratings", _("Import ratings")
    TRAIN_MODEL = "train_model", _("Train reward model")
    PREDICT = "predict", _("Predict scores")
    REFRESH_PRIORITIES = "refresh_priorities", _("Refresh priorities")
    SIMULATE_RATINGS = "simulate_ratings", _("Simulate ratings")
    PUBLISH_BENCHMARK = "publish_benchmark", _("Publish benchmark")
    SCORE_BENCHMARK = "score_benchmark", _("Score a model on a benchmark")
    VERIFY_REPORT = "verify_report", _("Verify an agreement report")
    SCORE_PREDICTIONS = "score_predictions", _("Score a predictions file")
    STUDY_RATERS = "study_raters", _("Study the annotators")
    IMPORT_EXTERNAL_SET = "import_external_set", _("Import an external set")


class JobStarter(Enum):
    """Who may start a kind of job, and so stop and retry their own."""

    READER = "whoever sees the campaign's results"
    RESEARCHER = "whoever may export the campaign's data"
    ADMIN = "admins of the campaign"


@dataclass(frozen=True)
class JobSpec:
    """What distinguishes a kind of job.

    Attributes:
        starter: who may start it.
        loads_torch: it runs on the model queue, whose workers alone import torch.
        result_for_admins: only admins may open its result; else anyone who sees the results.
        of_collection: it belongs to a collection, whose managers open its result.
        names_items: its error messages and notes may name items, edits and their files.
        reads_upload: those messages are about a person's own upload, which that person knows
            already.
    """

    starter: JobStarter
    loads_torch: bool = False
    result_for_admins: bool = False
    of_collection: bool = False
    names_items: bool = False
    reads_upload: bool = False


JOB_SPECS: Mapping[JobKind, JobSpec] = {
    JobKind.IMPORT_ITEMS: JobSpec(
        JobStarter.ADMIN, of_collection=True, names_items=True, reads_upload=True
    ),
    JobKind.IMPORT_EXTERNAL_SET: JobSpec(JobStarter.ADMIN, of_collection=True),
    JobKind.PLAN_TASKS: JobSpec(JobStarter.ADMIN, result_for_admins=True),
    JobKind.AGREEMENT_REPORT: JobSpec(JobStarter.READER),
    JobKind.EXPORT_DATASET: JobSpec(JobStarter.RESEARCHER, names_items=True),
    JobKind.BUILD_BENCHMARK: JobSpec(JobStarter.RESEARCHER, names_items=True),
    JobKind.IMPORT_RATINGS: JobSpec(
        JobStarter.ADMIN, result_for_admins=True, names_items=True, reads_upload=True
    ),
    JobKind.TRAIN_MODEL: JobSpec(JobStarter.RESEARCHER, loads_torch=True, names_items=True),
    JobKind.PREDICT: JobSpec(JobStarter.RESEARCHER, loads_torch=True, names_items=True),
    JobKind.REFRESH_PRIORITIES: JobSpec(JobStarter.RESEARCHER, loads_torch=True),
    JobKind.SIMULATE_RATINGS: JobSpec(JobStarter.ADMIN),
    JobKind.PUBLISH_BENCHMARK: JobSpec(JobStarter.ADMIN, names_items=True),
    JobKind.SCORE_BENCHMARK: JobSpec(JobStarter.RESEARCHER, loads_torch=True, names_items=True),
    JobKind.VERIFY_REPORT: JobSpec(JobStarter.READER),
    JobKind.SCORE_PREDICTIONS: JobSpec(JobStarter.RESEARCHER, names_items=True),
    JobKind.STUDY_RATERS: JobSpec(JobStarter.READER),
}


class JobState(TextChoices):
    """A job's life."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class AuditVerb(TextChoices):
    """What an audit event records."""

    CREATED = "created", _("Created")
    CHANGED = "changed", _("Changed")
    IMPORTED = "imported", _("Imported")
    PLANNED = "planned", _("Planned")
    INVITED = "invited", _("Invited")
    SUBMITTED = "submitted", _("Submitted")
    REVISED = "revised", _("Revised")
    SUPERSEDED = "superseded", _("Superseded")
    RELEASED = "released", _("Released")
    SKIPPED = "skipped", _("Skipped")
    FLAGGED = "flagged", _("Flagged")
    EXPORTED = "exported", _("Exported")
    TRAINED = "trained", _("Trained")
    PROMOTED = "promoted", _("Promoted")
    PRIORITISED = "prioritised", _("Prioritised")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    RESTORED = "restored", _("Restored")
    PAUSED = "paused", _("Paused")
    RESUMED = "resumed", _("Resumed")
    CANCELLED = "cancelled", _("Cancelled")
    RANKED = "ranked", _("Ranked")
    PUBLISHED = "published", _("Published")
    PUSHED = "pushed", _("Pushed to a hub")


class AlertKind(TextChoices):
    """What an alert is about."""

    AGREEMENT_BELOW_GATE = "below_gate", _("Agreement below the gate")
    ANNOTATOR_PAUSED = "annotator_paused", _("Annotator paused")
    QUEUE_STARVED = "queue_starved", _("Tasks running out")
    STORE_DIFFERS = "store_differs", _("Live figures differed from the ratings")
    REPORT_DIFFERS = "report_differs", _("A report failed verification")
    CHECKS_FAILED = "checks_failed", _("Quality checks failed")
    FLAGGED_ELSEWHERE = "flagged_elsewhere", _("Items flagged in another campaign")
    WITHDRAWN_ELSEWHERE = "withdrawn_elsewhere", _("Items withdrawn outside the campaign")
    AUDIT_CHANGED = "audit_changed", _("The sealed audit log was changed")


class AuditBreak(StrEnum):
    """How a part of the audit log departs from what was sealed."""

    CHANGED = "changed"  # events have other contents
    REMOVED = "removed"  # there are fewer events, or more
    UNSEALED = "unsealed"  # there are events between two seals
    RESEALED = "resealed"  # a seal that was verified is gone


class DeliveryState(TextChoices):
    """What became of a message to a webhook."""

    PENDING = "pending", _("Pending")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
