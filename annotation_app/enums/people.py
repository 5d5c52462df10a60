"""People: languages, themes, roles, membership."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Language(TextChoices):
    """Languages of the interface."""

    ENGLISH = "en", "English"
    CHINESE = "zh-hans", "简体中文"


class Theme(TextChoices):
    """Colour schemes of the interface."""

    SYSTEM = "system", _("Same as the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
    CONTRAST = "contrast", _("High contrast")


class Role(TextChoices):
    """What a member may do in a campaign."""

    ANNOTATOR = "annotator", _("Annotator")
    REVIEWER = "reviewer", _("Reviewer")
    RESEARCHER = "researcher", _("Researcher")
    ADMIN = "admin", _("Admin")


class MembershipStatus(TextChoices):
    """Whether a member may work now."""

    INVITED = "invited", _("Invited")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    LEFT = "left", _("Left")
