"""What pages say about tokens."""

from django.utils.translation import ngettext


def say_ended(count: int) -> str:
    """How many tokens were ended."""
    return ngettext("%(n)d token revoked.", "%(n)d tokens revoked.", count) % {"n": count}
