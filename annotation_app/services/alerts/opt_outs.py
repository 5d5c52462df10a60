"""Whether a person gets a campaign's alerts by email."""

from annotation_app.models import AlertOptOut, Campaign, User


def set_alert_mail(*, user: User, campaign: Campaign, wanted: bool) -> None:
    """Opt a person in or out of a campaign's alerts by email."""
    if wanted:
        AlertOptOut.objects.filter(user=user, campaign=campaign).delete()
    else:
        AlertOptOut.objects.get_or_create(user=user, campaign=campaign)
