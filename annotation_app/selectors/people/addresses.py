"""Who owns an email address: an account's unconfirmed claim does not block anyone."""

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from annotation_app.models import User


def holders(email: str) -> QuerySet[User]:
    """The active accounts that an address belongs to.

    Those that confirmed it, and those that were made with it and never named another one: an
    account is made by an invitation's link or by the operator only.
    """
    confirmed = Q(emailaddress__email=email.lower(), emailaddress__verified=True)
    from_the_start = Q(email__iexact=email, emailaddress__isnull=True)
    return User.objects.filter(confirmed | from_the_start, is_active=True).distinct()


def may_be_theirs(user: User, email: str) -> bool:
    """Whether an account names this address and no other one has confirmed it.

    Sufficient only for people who have a link that was sent to that address.
    """
    email = email.lower()
    names = (
        user.email.strip().lower() == email
        or EmailAddress.objects.filter(user=user, email=email).exists()
    )
    others = EmailAddress.objects.filter(email=email, verified=True).exclude(user=user)
    return names and not others.exists()
