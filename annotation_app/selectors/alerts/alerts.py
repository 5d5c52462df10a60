"""Alerts as people read them, and what is open."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from analytics.overall import OVERALL
from annotation_app.enums import AlertKind
from annotation_app.models import Alert, AlertOptOut, Campaign, User
from annotation_app.selectors.rubrics.wording import in_language

PAST_SHOWN = 50
# The arguments that each kind's sentence names.
SENTENCES: Mapping[str, Promise] = {
    AlertKind.AGREEMENT_BELOW_GATE: _(
        "Agreement on %(dimension)s is below the gate: even the upper bound of its "
        "interval, %(high)s, is below %(gate)s."
    ),
    AlertKind.ANNOTATOR_PAUSED: _("%(annotator)s was paused. %(reason)s"),
    AlertKind.QUEUE_STARVED: _(
        "Tasks are running out: %(open)s open tasks for %(annotators)s active "
        "annotators who plan %(target)s a day. Annotators with no task left: %(idle)s."
    ),
    AlertKind.REPORT_DIFFERS: _(
        "The report frozen on %(day)s differs from the reference packages by %(difference)s. "
        "Do not cite it."
    ),
    AlertKind.STORE_DIFFERS: _(
        "The nightly check found that the live agreement figures differ from the "
        "ratings in %(count)s places. They were rebuilt; frozen reports are not "
        "affected."
    ),
    AlertKind.AUDIT_CHANGED: _(
        "The nightly check found the audit log different from what was sealed, in %(count)s parts "
        "that hold events of this campaign. Ask the people who run this site to compare it with "
        "a backup."
    ),
    AlertKind.CHECKS_FAILED: _(
        "The regular checks of annotators' work fail: gold, speed, drift and disputes are not "
        "looked at until they succeed again. The operator finds the cause in the log: %(error)s."
    ),
    AlertKind.FLAGGED_ELSEWHERE: _(
        "Annotators of other campaigns flagged items that this campaign also uses. "
        "Open flags: %(count)s. Settling a flag settles it for every campaign that "
        "uses the collection."
    ),
    AlertKind.WITHDRAWN_ELSEWHERE: _(
        "Items of this campaign that were withdrawn outside it on %(day)s: %(count)s. "
        "They are no longer served, and dataset versions that contain them cannot be "
        "rebuilt. An admin of any campaign that uses the collection can undo this on "
        "the item's page."
    ),
}
UNKNOWN = "–"


def alert_sentence(alert: Alert) -> str:
    """The alert in one sentence, in the reader's language."""
    return str(SENTENCES[alert.kind]) % _Spoken(alert)


def open_alerts(campaign: Campaign) -> list[Alert]:
    """Open alerts, newest first."""
    return list(_alerts(campaign).filter(resolved_at=None))


def past_alerts(campaign: Campaign) -> list[Alert]:
    """The last alerts that ended."""
    ended = _alerts(campaign).filter(resolved_at__isnull=False)
    return list(ended.order_by("-resolved_at", "-pk")[:PAST_SHOWN])


def count_unseen(slug: str) -> int:
    """Open alerts of a campaign that no one has acknowledged."""
    return Alert.objects.filter(campaign__slug=slug, resolved_at=None, acknowledged_at=None).count()


def wants_mail(user: User, campaign: Campaign) -> bool:
    """Whether a person has not opted out of a campaign's alerts by email."""
    return not AlertOptOut.objects.filter(user=user, campaign=campaign).exists()


def _alerts(campaign: Campaign) -> QuerySet[Alert]:
    return Alert.objects.filter(campaign=campaign).select_related(
        "acknowledged_by", "campaign__guideline"
    )


class _Spoken(dict[str, Any]):
    """An alert's arguments for its sentence; dimensions by their name in the guideline."""

    def __init__(self, alert: Alert) -> None:
        super().__init__(alert.arguments)
        if "dimension" in self:
            self["dimension"] = _dimension_name(alert.campaign, self["dimension"])

    def __missing__(self, key: str) -> str:
        return UNKNOWN


def _dimension_name(campaign: Campaign, key: str) -> str:
    if key == OVERALL:
        return str(_("the overall score"))
    if campaign.guideline is None or not campaign.guideline.wording:
        return key
    wording = in_language(campaign.guideline.wording, get_language())
    return str(wording.get(key, {}).get("name", key))
