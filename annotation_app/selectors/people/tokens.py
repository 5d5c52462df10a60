"""API tokens of people."""

from django.db.models import Q
from django.utils import timezone
from knox.models import AuthToken

from annotation_app.models import User


def count_tokens(user: User) -> int:
    """How many tokens a person has that have not run out."""
    running = Q(expiry=None) | Q(expiry__gt=timezone.now())
    count: int = AuthToken.objects.filter(running, user=user).count()
    return count
