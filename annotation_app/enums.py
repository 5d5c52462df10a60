"""Every closed list of values of the domain; the words of the field, stored as text."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Language(TextChoices):
    """Languages of the interface."""

    ENGLISH = "en", "English"
    CHINESE = "zh-hans", "简体中文"


class Theme(TextChoices):
    """Colour schemes of the interface."""

    SYSTEM = "system", _("As the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
    CONTRAST = "contrast", _("High contrast")


class Role(TextChoices):
    """What a member may do in a campaign."""

    ANNOTATOR = "annotator", _("Annotator")
    REVIEWER = "reviewer", _("Reviewer")
    RESEARCHER = "researcher", _("Researcher")
    ADMIN = "admin", _("Admin")


class MembershipStatus(TextChoices):
    """Whether a member may work now."""

    INVITED = "invited", _("Invited")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    LEFT = "left", _("Left")


class CampaignState(TextChoices):
    """Where a campaign stands."""

    DRAFT = "draft", _("Draft")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    FINISHED = "finished", _("Finished")


class SamplingStrategy(TextChoices):
    """How k of n candidates are drawn for an item."""

    UNIFORM = "uniform", _("Uniform (the paper)")
    BALANCED = "balanced", _("Balanced over generators")


class Purpose(TextChoices):
    """What a task's rating is for."""

    PRODUCTION = "production", _("Production")
    BENCHMARK = "benchmark", _("Benchmark")
    CROSS_CHECK = "cross_check", _("Cross-check")
    GOLD = "gold", _("Gold")
    REPEAT = "repeat", _("Repeat")
    RERATE = "rerate", _("Re-rating")
    PILOT = "pilot", _("Pilot")
    TRAINING = "training", _("Training")
    QUALIFICATION = "qualification", _("Qualification")
    REVIEW = "review", _("Review")


# Purposes whose ratings must come from different annotators, else agreement is an echo.
INDEPENDENT_PURPOSES = frozenset(
    {Purpose.PRODUCTION, Purpose.BENCHMARK, Purpose.CROSS_CHECK, Purpose.RERATE, Purpose.PILOT}
)
# Purposes whose scores are data: they count in agreement, final scores and exports.
DATA_PURPOSES = frozenset(
    {Purpose.PRODUCTION, Purpose.BENCHMARK, Purpose.CROSS_CHECK, Purpose.RERATE}
)


class Design(TextChoices):
    """How a slot came to be drawn; agreement's headline uses `random` only."""

    RANDOM = "random", _("Random")
    ACTIVE = "active", _("Active")
    CSP = "csp", _("CSP-1 cross-check")
    GOLD = "gold", _("Gold")
    REPEAT = "repeat", _("Repeat")
    RERATE = "rerate", _("Re-rating")
    ADJUDICATION = "adjudication", _("Adjudication")
    IMPORTED = "imported", _("Imported")


# Stored beside the designs: the figures over every counted rating, whatever its design.
ALL_DESIGNS = "all"


class Facet(TextChoices):
    """What the live figures of agreement are sliced by."""

    POOLED = "pooled", _("All together")
    CATEGORY = "category", _("Category")
    SOURCE = "source", _("Source dataset")
    GENERATOR = "generator", _("Generator")
    GUIDELINE = "guideline", _("Guideline version")
    DAY = "day", _("Day")


class Lane(TextChoices):
    """Which queue a task waits in: ordered by a model, or reserved for chance."""

    RANKED = "ranked", _("Ranked")
    RESERVED = "reserved", _("Reserved random share")


class PriorityStrategy(TextChoices):
    """What set a task's priority."""

    RANDOM = "random", _("Random")
    HARD = "hard", _("Small predicted gaps")
    BALD = "bald", _("Information gain (BALD)")


class TaskState(TextChoices):
    """A slot's life."""

    OPEN = "open", _("Open")
    LEASED = "leased", _("Leased")
    FILLED = "filled", _("Filled")
    CLOSED = "closed", _("Closed")


class LeaseOutcome(TextChoices):
    """How a lease ended."""

    SUBMITTED = "submitted", _("Submitted")
    SKIPPED = "skipped", _("Skipped")
    EXPIRED = "expired", _("Expired")
    RELEASED = "released", _("Released")


class RatingStatus(TextChoices):
    """Whether a rating counts."""

    ACTIVE = "active", _("Active")
    SUPERSEDED = "superseded", _("Superseded")
    RELEASED = "released", _("Released")


class MissingReason(TextChoices):
    """Why a score is missing."""

    IMAGE_BROKEN = "image_broken", _("Image does not show")
    INSTRUCTION_UNCLEAR = "instruction_unclear", _("Instruction cannot be understood")
    OUTSIDE_KNOWLEDGE = "outside_knowledge", _("Needs knowledge I do not have")
    UNSAFE = "unsafe", _("Unsafe content")
    OTHER = "other", _("Other")


class FlagKind(TextChoices):
    """Why an item was flagged."""

    UNSAFE = "unsafe", _("Unsafe content")
    BROKEN = "broken", _("Broken image")
    AMBIGUOUS = "ambiguous", _("Ambiguous instruction")
    PERSONAL_DATA = "personal_data", _("Personal data")


class WorkAction(TextChoices):
    """What a key of the workbench does."""

    LEVEL_1 = "level-1", _("Score 1")
    LEVEL_2 = "level-2", _("Score 2")
    LEVEL_3 = "level-3", _("Score 3")
    LEVEL_4 = "level-4", _("Score 4")
    LEVEL_5 = "level-5", _("Score 5")
    LEVEL_6 = "level-6", _("Score 6")
    LEVEL_7 = "level-7", _("Score 7")
    LEVEL_8 = "level-8", _("Score 8")
    LEVEL_9 = "level-9", _("Score 9")
    LEVEL_10 = "level-10", _("Score 10")
    PREVIOUS = "previous", _("Previous candidate")
    NEXT = "next", _("Next candidate")
    DIMENSION_UP = "dimension-up", _("Dimension above")
    DIMENSION_DOWN = "dimension-down", _("Dimension below")
    SUBMIT = "submit", _("Submit")
    UNDO = "undo", _("Undo the last action")
    CANNOT_JUDGE = "cannot-judge", _("Cannot judge")
    FLAG = "flag", _("Flag the item")
    NOTE = "note", _("Write a note")
    SKIP = "skip", _("Skip the item")
    HELP = "help", _("Show all keys")
    SOURCE = "source", _("Hold: source in place")
    SWIPE = "swipe", _("Swipe")
    DIFFERENCE = "difference", _("Difference map")
    FIT = "fit", _("Fit to the window")
    PIXELS = "pixels", _("One image pixel per screen pixel")
    ZOOM_IN = "zoom-in", _("Zoom in")
    ZOOM_OUT = "zoom-out", _("Zoom out")
    GUIDELINE = "guideline", _("Open the guideline")


class RevisionCause(TextChoices):
    """Why a revision of a rating was written."""

    SUBMIT = "submit", _("Submit")
    EDIT = "edit", _("Edit")
    UNDO = "undo", _("Undo")
    IMPORT = "import", _("Import")


class Provenance(TextChoices):
    """Where a final score comes from."""

    ADJUDICATED = "adjudicated", _("Adjudicated")
    SINGLE = "single", _("Single rating")
    MEAN = "mean", _("Exact mean")


class Split(TextChoices):
    """Which part of a release an item belongs to."""

    TRAIN = "train", _("Train")
    VALIDATION = "validation", _("Validation")
    TEST = "test", _("Test")
    QUARANTINE = "quarantine", _("Quarantine")
    EXCLUDED = "excluded", _("Excluded: in an external set")


# Items of these belong to no part of a release: they wait, or another set holds their images.
HELD_BACK_SPLITS = frozenset({Split.QUARANTINE, Split.EXCLUDED})


class BuildState(TextChoices):
    """A dataset or model version's life."""

    BUILDING = "building", _("Building")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class BenchmarkStage(TextChoices):
    """Where a built benchmark stands."""

    CHECKING = "checking", _("Being checked by its raters")
    PUBLISHED = "published", _("Published")


class JudgeKind(TextChoices):
    """What a judge of a benchmark gives."""

    SCORES = "scores", _("A score per candidate")
    ANSWERS = "answers", _("An answer per pair")
    MODEL = "model", _("Reward model")


class RatingsImportState(TextChoices):
    """An import of ratings' life."""

    READY = "ready", _("Ready")
    RELEASED = "released", _("Released")


class ModelStage(TextChoices):
    """A reward model version's place."""

    CHALLENGER = "challenger", _("Challenger")
    CHAMPION = "champion", _("Champion")
    RETIRED = "retired", _("Retired")


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
    QUEUE_STARVED = "queue_starved", _("Queue running dry")
    STORE_DIFFERS = "store_differs", _("Live figures differed from the ratings")


class DeliveryState(TextChoices):
    """What became of a message to a webhook."""

    PENDING = "pending", _("Pending")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")


class FlagSource(TextChoices):
    """Who or what flagged an item."""

    ANNOTATOR = "annotator", _("Annotator")
    IMPORT = "import", _("Screening at import")


class FlagOutcome(TextChoices):
    """What became of a flag."""

    RESOLVED = "resolved", _("Nothing to do")
    WITHDRAWN = "withdrawn", _("Item withdrawn")
    DISCUSSED = "discussed", _("Sent to discussion")


class GoldSource(TextChoices):
    """Where an item's reference scores come from."""

    ENTERED = "entered", _("Entered by a person")
    ADJUDICATED = "adjudicated", _("Adjudicated item")


class AttemptResult(TextChoices):
    """How an attempt at the qualification test ended."""

    RUNNING = "running", _("Running")
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Not passed")
    OVERRIDDEN = "overridden", _("Passed by an admin")


class CalibrationStep(TextChoices):
    """What an annotator does next in a campaign."""

    TRAIN = "train", _("Training")
    QUALIFY = "qualify", _("Qualification test")
    WAIT = "wait", _("Wait for the next attempt")
    EXHAUSTED = "exhausted", _("No attempts left")
    PAUSED = "paused", _("Paused")
    WORK = "work", _("Work")


class CheckKind(TextChoices):
    """What a rating is held against."""

    GOLD = "gold", _("Gold")
    REPEAT = "repeat", _("Hidden repeat")


class PauseReason(TextChoices):
    """Why an annotator was paused."""

    GOLD = "gold", _("Gold items")
    SPEED = "speed", _("Very fast answers")
    SKIPS = "skips", _("Many skips in a row")
    PERSON = "person", _("By a person")


class NoteKind(TextChoices):
    """What a note to an annotator is about."""

    MESSAGE = "message", _("Message")
    SPEED = "speed", _("Very fast answers")
    SKIPS = "skips", _("Many skips in a row")
    RETRAIN = "retrain", _("Training again")
    RESUMED = "resumed", _("Welcome back")


class DisputeReason(TextChoices):
    """Why an item waits for a reviewer."""

    RANGE = "range", _("Scores far apart")
    PREFERENCE = "preference", _("Opposite preferences")
    ENTROPY = "entropy", _("Uncertain score")
    CHECK = "check", _("Failed cross-check")


class ReviewState(TextChoices):
    """A dispute's life."""

    OPEN = "open", _("Open")
    DECIDED = "decided", _("Decided")
