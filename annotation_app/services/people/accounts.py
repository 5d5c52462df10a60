"""Making accounts: the first admin, and people who were invited."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import User
from annotation_app.selectors.people.addresses import holders
from annotation_app.services.audit.events import record_event
from annotation_app.services.people.addresses import confirm_address
from annotation_app.services.people.names import check_name

LOCK = 7_1301  # of advisory locks: addresses of new accounts


def create_admin(*, username: str, email: str, password: str) -> User:
    """Create a person who administers the installation.

    Raises:
        InvalidInputError: if the name, the address or the password breaks a rule.
        ConflictError: if the name is taken.
    """
    user = User(username=username.strip(), email=email.strip(), is_staff=True, is_superuser=True)
    return _store(user, password)


def create_account(*, username: str, email: str, password: str) -> User:
    """Create the account of a person with an invitation's link, which confirms its address.

    Raises:
        InvalidInputError: if the name, the address or the password breaks a rule, or the name is
            another's address or has the form of a pseudonym.
        ConflictError: if the name is taken or looks like a taken one, or the address has an account
            meanwhile.
    """
    user = User(username=username.strip(), email=email.strip())
    if "@" in user.username and user.username.lower() != user.email.lower():
        raise InvalidInputError(_("A user name cannot be an email address, unless it is your own."))
    check_name(user.username)
    with transaction.atomic():
        _hold_address(user.email)
        if holders(user.email).exists():
            raise ConflictError(_("This address already has an account: sign in with it."))
        stored = _store(user, password)
        confirm_address(user=stored, email=stored.email)
        return stored


def _hold_address(email: str) -> None:
    """Lock an address until the transaction ends, so that only one account is made for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::int, hashtext(%s))", [LOCK, email.lower()])


def _store(user: User, password: str) -> User:
    try:
        user.set_unusable_password()
        user.full_clean(validate_unique=False, validate_constraints=False)
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInputError(" ".join(error.messages)) from error
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
            record_event(
                actor=None,
                verb=AuditVerb.CREATED,
                object_type="user",
                object_id=user.pk,
                data={"user": user.pseudonym, "admin": user.is_superuser},
            )
    except IntegrityError as error:
        raise ConflictError(_("This user name is taken: choose another one.")) from error
    return user
