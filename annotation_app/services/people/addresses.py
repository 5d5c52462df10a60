"""Addresses of accounts: confirmed by a link that was sent there, and never without a main one."""

from allauth.account.models import EmailAddress

from annotation_app.models import User
from annotation_app.selectors.people.addresses import may_be_theirs


def confirm_address(*, user: User, email: str) -> None:
    """Note that an address is the account's: its person held a link that was sent there."""
    if not email or not may_be_theirs(user, email):
        return
    has_main = EmailAddress.objects.filter(user=user, primary=True).exists()
    row, is_new = EmailAddress.objects.get_or_create(
        user=user, email=email.lower(), defaults={"verified": True, "primary": not has_main}
    )
    if not is_new and not row.verified:
        row.verified = True
        row.save(update_fields=["verified"])


def keep_main_address(*, user: User) -> None:
    """Give an account that never changed its address a row for it, to which notices are sent."""
    if not user.email or EmailAddress.objects.filter(user=user, primary=True).exists():
        return
    if not EmailAddress.objects.filter(user=user).exists():
        confirm_address(user=user, email=user.email)
    EmailAddress.objects.filter(user=user, email=user.email.lower()).update(primary=True)
