"""The domain's tables. Code outside imports from here; inside, modules point only downwards.

users, images > collections > rubrics > campaigns > jobs > tasks > queueing, ratings > adjudications
> datasets > benchmarks, rewards > judges; rating_imports depend on ratings, joint_rankings on
benchmarks, external_sets and withdrawals on collections; agreement, live_agreement, disagreement,
rater_studies, alerts and audit on campaigns; quality_plans, annotator_status and gold too,
qualification on gold and tasks, checks on ratings, reviews on tasks; guideline_images and pilots on
campaigns, threads on tasks. api_tokens are independent.
"""

from annotation_app.models.adjudications import Adjudication
from annotation_app.models.agreement import AgreementReport
from annotation_app.models.alerts import Alert, AlertOptOut, Webhook, WebhookDelivery
from annotation_app.models.annotator_status import AnnotatorNote, AnnotatorStatus, WorkRelease
from annotation_app.models.api_tokens import TokenName
from annotation_app.models.audit import AuditCheck, AuditEvent, AuditSeal
from annotation_app.models.benchmarks import Benchmark
from annotation_app.models.campaigns import (
    Campaign,
    CampaignItem,
    DrawnCandidate,
    Invitation,
    Membership,
    OverlapPlan,
)
from annotation_app.models.checks import Check, CrossCheckDraw
from annotation_app.models.collections import Candidate, Collection, Generator, Item
from annotation_app.models.datasets import (
    DatasetVersion,
    FinalScore,
    Snapshot,
    SnapshotItem,
    SnapshotRating,
)
from annotation_app.models.disagreement import ItemSpread
from annotation_app.models.external_sets import ExternalSet
from annotation_app.models.gold import GoldItem, GoldScore, Lesson, LessonExample
from annotation_app.models.guideline_images import GuidelineImage
from annotation_app.models.images import Image, ImageOriginal
from annotation_app.models.jobs import Job, JobLine
from annotation_app.models.joint_rankings import JointRanking
from annotation_app.models.judges import JudgeRun
from annotation_app.models.live_agreement import LiveCross, LiveItem, LiveStore, LiveSums
from annotation_app.models.pilots import Pilot
from annotation_app.models.qualification import AttemptItem, QualificationAttempt
from annotation_app.models.quality_plans import QualityCursor, QualityPlan
from annotation_app.models.queueing import QueueCursor
from annotation_app.models.rater_studies import RaterStudy
from annotation_app.models.rating_imports import (
    ImportedAnnotator,
    ImportedRating,
    RatingsImport,
)
from annotation_app.models.ratings import CampaignItemChange, Rating, RatingRevision, Score
from annotation_app.models.reviews import ReviewCase
from annotation_app.models.rewards import Prediction, RewardModelVersion
from annotation_app.models.rubrics import Criterion, Dimension, GuidelineVersion, Level, Rubric
from annotation_app.models.tasks import Flag, Lease, Task
from annotation_app.models.threads import Thread, ThreadMessage, ThreadRead
from annotation_app.models.upkeep import UpkeepRun
from annotation_app.models.users import User
from annotation_app.models.withdrawals import Withdrawal

__all__ = [
    "Adjudication",
    "AgreementReport",
    "Alert",
    "AlertOptOut",
    "AnnotatorNote",
    "AnnotatorStatus",
    "AttemptItem",
    "AuditCheck",
    "AuditEvent",
    "AuditSeal",
    "Benchmark",
    "Campaign",
    "CampaignItem",
    "CampaignItemChange",
    "Candidate",
    "Check",
    "Collection",
    "Criterion",
    "CrossCheckDraw",
    "DatasetVersion",
    "Dimension",
    "DrawnCandidate",
    "ExternalSet",
    "FinalScore",
    "Flag",
    "Generator",
    "GoldItem",
    "GoldScore",
    "GuidelineImage",
    "GuidelineVersion",
    "Image",
    "ImageOriginal",
    "ImportedAnnotator",
    "ImportedRating",
    "Invitation",
    "Item",
    "ItemSpread",
    "Job",
    "JobLine",
    "JointRanking",
    "JudgeRun",
    "Lease",
    "Lesson",
    "LessonExample",
    "Level",
    "LiveCross",
    "LiveItem",
    "LiveStore",
    "LiveSums",
    "Membership",
    "OverlapPlan",
    "Pilot",
    "Prediction",
    "QualificationAttempt",
    "QualityCursor",
    "QualityPlan",
    "QueueCursor",
    "RaterStudy",
    "Rating",
    "RatingRevision",
    "RatingsImport",
    "ReviewCase",
    "RewardModelVersion",
    "Rubric",
    "Score",
    "Snapshot",
    "SnapshotItem",
    "SnapshotRating",
    "Task",
    "Thread",
    "ThreadMessage",
    "ThreadRead",
    "TokenName",
    "UpkeepRun",
    "User",
    "Webhook",
    "WebhookDelivery",
    "Withdrawal",
    "WorkRelease",
]
