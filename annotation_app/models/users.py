"""People and how they like to work."""

import secrets
import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from annotation_app.enums import Language, Theme


def new_pseudonym() -> str:
    """A stable public name that reveals no information about the person."""
    return f"rater-{secrets.token_hex(5)}"


class User(AbstractUser):
    """A person with an account; exports know only the pseudonym."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pseudonym = models.CharField(max_length=32, unique=True, default=new_pseudonym, editable=False)
    language = models.CharField(
        max_length=10, choices=Language, blank=True, default="", help_text="empty: the browser's"
    )
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEM)
    keymap = models.JSONField(
        default=dict,
        blank=True,
        help_text=_("Maps each action to a key; empty means the default keys."),
    )
    is_simulated = models.BooleanField(default=False)

    class Meta:
        ordering = ["username"]
        constraints = [
            # ADMIN beside admin would be taken for it, by people and at the sign-in page
            models.UniqueConstraint(Lower("username"), name="username_once_in_any_case"),
        ]

    @override
    def __str__(self) -> str:
        return self.username
