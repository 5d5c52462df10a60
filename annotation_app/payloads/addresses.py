"""Where the workbench's modules send to, as the page hands it to them."""

from uuid import UUID

from django.urls import reverse

from annotation_app.models import Campaign

ANY = UUID(int=0)  # in the place of a name that the page fills in


def workbench_addresses(campaign: Campaign) -> dict[str, str]:
    """Return the addresses by name; those of leases and ratings end where their names follow."""
    return {
        "session": reverse("work-session", args=[campaign.slug]),
        "heartbeat": reverse("work-heartbeat"),
        "leases": reverse("work-submit", args=[ANY]).partition(str(ANY))[0],
        "ratings": reverse("work-rating", args=[ANY]).partition(str(ANY))[0],
        "guideline": reverse("guideline", args=[campaign.slug]),
        "sign_in": reverse("account_login"),
    }
