"""One annotator's figures besides agreement: speed, hidden gold and repeats.

The cost of each grows with this annotator's work, not with the campaign.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from analytics.limits import FEWEST_FOR_POOL, GOLD_FLOOR
from analytics.raters.binomial_shares import Share, share
from analytics.raters.gold import BetaPrior, GoldAccuracy, gold_accuracy, pool_prior
from annotation_app.enums import SEPARATE_PURPOSES, CheckKind, RatingStatus, Role
from annotation_app.models import Campaign, Check, Membership, Rating, User

# Imported ratings without a time have none: no one took zero seconds.
READ_SPEED = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY v.seconds),
       count(*) FILTER (WHERE v.seconds < %(floor)s)
FROM annotation_app_rating r
JOIN annotation_app_ratingrevision v ON v.id = r.current_revision_id
WHERE r.campaign_id = %(campaign)s AND r.annotator_id = %(annotator)s AND r.status = 'active'
    AND NOT r.purpose = ANY(%(apart)s) AND v.seconds > 0
"""


@dataclass(frozen=True)
class SpeedRecord:
    """Active time per task.

    Attributes:
        median: seconds; None without any timed answer.
        floor: seconds below which no one can have looked.
        fast: share of answers under it.
    """

    median: float | None
    floor: float
    fast: Share


def campaign_raters(campaign: Campaign) -> QuerySet[User]:
    """Whoever rated here, or may: annotators of the campaign and authors of imported ratings."""
    rated = Rating.objects.filter(campaign=campaign).values("annotator")
    members = Membership.objects.filter(campaign=campaign, role=Role.ANNOTATOR).values("user")
    return User.objects.filter(Q(pk__in=rated) | Q(pk__in=members)).order_by("username")


def find_rater(campaign: Campaign, public_id: UUID) -> User | None:
    """The annotator of that public id; None if they have no part in this campaign."""
    user = User.objects.filter(public_id=public_id).first()
    if user is None:
        return None
    has_part = (
        Membership.objects.filter(campaign=campaign, user=user, role=Role.ANNOTATOR).exists()
        or Rating.objects.filter(campaign=campaign, annotator=user).exists()
    )
    return user if has_part else None


def speed_record(campaign: Campaign, annotator: User, *, floor: float) -> SpeedRecord:
    """How fast an annotator answers, compared with the campaign's floor."""
    values: dict[str, Any] = {
        "campaign": campaign.pk,
        "annotator": annotator.pk,
        "floor": floor,
        "apart": [purpose.value for purpose in SEPARATE_PURPOSES],
    }
    with connection.cursor() as cursor:
        cursor.execute(READ_SPEED, values)
        n, median, fast = cursor.fetchone()
    return SpeedRecord(median, floor, share(fast, n))


def gold_record(campaign: Campaign, annotator: User) -> GoldAccuracy | None:
    """Posterior accuracy on hidden gold, pulled to the pool's; None before the first answer."""
    rows = (
        Check.objects.filter(campaign=campaign, kind=CheckKind.GOLD)
        .values("annotator")
        .annotate(n=Count("pk"), k=Count("pk", filter=Q(passed=True)))
    )
    counts = {row["annotator"]: (row["k"], row["n"]) for row in rows}
    if annotator.pk not in counts:
        return None
    prior = BetaPrior()
    if len(counts) >= FEWEST_FOR_POOL:
        prior = pool_prior([k for k, _ in counts.values()], [n for _, n in counts.values()])
    k, n = counts[annotator.pk]
    return gold_accuracy(k, n, floor=GOLD_FLOOR, prior=prior)


def count_ratings(campaign: Campaign, annotator: User) -> int:
    """Ratings of an annotator that count."""
    return (
        Rating.objects.filter(campaign=campaign, annotator=annotator, status=RatingStatus.ACTIVE)
        .exclude(purpose__in=SEPARATE_PURPOSES)
        .count()
    )
