"""Notes that an annotator has not read yet."""

from django.db.models import QuerySet

from annotation_app.models import AnnotatorNote, Campaign, User


def unread_notes(*, annotator: User, campaign: Campaign) -> QuerySet[AnnotatorNote]:
    """The person's unread notes in a campaign, oldest first."""
    return AnnotatorNote.objects.filter(
        membership__user=annotator, membership__campaign=campaign, read_at=None
    ).order_by("created_at", "pk")
