"""What the regular work is called on the page."""

from django.utils.translation import gettext as _


def upkeep_words(name: str) -> str:
    """What a kind of regular work does, by the name of its task; the name if it is unknown."""
    known = {
        "editjury.sweep_jobs": _("Resending lost and waiting jobs"),
        "editjury.seal_audit": _("Sealing the audit log"),
        "editjury.verify_audit": _("Verifying the audit log"),
        "editjury.fold_agreement": _("Adding changed ratings to the live figures"),
        "editjury.check_agreement": _("Comparing the live figures with the ratings"),
        "editjury.study_raters": _("Requesting studies of annotators"),
        "editjury.watch_campaigns": _("Checking campaigns for alerts"),
        "editjury.send_due_messages": _("Sending due messages"),
        "editjury.check_quality": _("Checking annotators' work"),
    }
    return known.get(name, name)
