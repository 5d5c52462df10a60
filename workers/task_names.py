"""The names of all tasks; the only thing that senders and workers share."""

from enum import StrEnum


class TaskName(StrEnum):
    """Names by which tasks are sent, and which queue's workers know them."""

    RUN_JOB = "editjury.run_job"
    RUN_MODEL_JOB = "editjury.run_model_job"
    SWEEP_JOBS = "editjury.sweep_jobs"
    SEAL_AUDIT = "editjury.seal_audit"
    VERIFY_AUDIT = "editjury.verify_audit"
    FOLD_AGREEMENT = "editjury.fold_agreement"
    CHECK_AGREEMENT = "editjury.check_agreement"
    WATCH_CAMPAIGNS = "editjury.watch_campaigns"
    MAIL_ALERT = "editjury.mail_alert"
    POST_WEBHOOK = "editjury.post_webhook"
    SEND_DUE_MESSAGES = "editjury.send_due_messages"
    CHECK_QUALITY = "editjury.check_quality"
    STUDY_RATERS = "editjury.study_raters"


DAY = 24 * 3600.0
# What beat sends, and the seconds between two rounds.
REGULAR: dict[TaskName, float] = {
    TaskName.SWEEP_JOBS: 10.0,
    TaskName.SEAL_AUDIT: 300.0,
    TaskName.VERIFY_AUDIT: DAY,
    TaskName.FOLD_AGREEMENT: 20.0,
    TaskName.CHECK_AGREEMENT: DAY,
    TaskName.STUDY_RATERS: DAY,
    TaskName.WATCH_CAMPAIGNS: 60.0,
    TaskName.SEND_DUE_MESSAGES: 30.0,
    TaskName.CHECK_QUALITY: 15.0,
}


class QueueName(StrEnum):
    """`default`: long light jobs; `model`: those that load torch; `upkeep`: all that is short."""

    DEFAULT = "default"
    MODEL = "model"
    UPKEEP = "upkeep"
