"""What people call their API tokens; the tokens themselves are knox' own."""

from django.db import models
from knox.models import AuthToken
from typing_extensions import override

LONGEST_TOKEN_NAME = 80


class TokenName(models.Model):
    """A token's name: by it a person knows which program stops when it is revoked."""

    token = models.OneToOneField(AuthToken, on_delete=models.CASCADE, related_name="naming")
    name = models.CharField(max_length=LONGEST_TOKEN_NAME)

    @override
    def __str__(self) -> str:
        return self.name
