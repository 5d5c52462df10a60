"""The names of all tasks; the only thing that senders and workers share."""

from enum import StrEnum


class TaskName(StrEnum):
    """Names by which tasks are sent, and which queue's workers know them."""

    RUN_JOB = "editjury.run_job"
    RUN_MODEL_JOB = "editjury.run_model_job"
    SWEEP_JOBS = "editjury.sweep_jobs"
    SEAL_AUDIT = "editjury.seal_audit"
    FOLD_AGREEMENT = "editjury.fold_agreement"
    CHECK_AGREEMENT = "editjury.check_agreement"
    WATCH_CAMPAIGNS = "editjury.watch_campaigns"
    MAIL_ALERT = "editjury.mail_alert"
    POST_WEBHOOK = "editjury.post_webhook"
    SEND_DUE_MESSAGES = "editjury.send_due_messages"
    CHECK_QUALITY = "editjury.check_quality"
    STUDY_RATERS = "editjury.study_raters"


class QueueName(StrEnum):
    """Queues: `default` workers stay light, `model` workers load torch."""

    DEFAULT = "default"
    MODEL = "model"
