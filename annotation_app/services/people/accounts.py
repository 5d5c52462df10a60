"""Making accounts: the first admin, and people who were invited."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import User
from annotation_app.services.auditing import record_event


def create_admin(*, username: str, email: str, password: str) -> User:
    """Create a person who administers the installation.

    Raises:
        InvalidInputError: if the name, the address or the password breaks a rule.
        ConflictError: if the name is taken.
    """
    user = User(username=username.strip(), email=email.strip(), is_staff=True, is_superuser=True)
    return _store(user, password)


def create_account(*, username: str, email: str, password: str) -> User:
    """Create an invited person's account.

    Raises:
        InvalidInputError: if the name, the address or the password breaks a rule.
        ConflictError: if the name is taken.
    """
    return _store(User(username=username.strip(), email=email.strip()), password)


def _store(user: User, password: str) -> User:
    try:
        user.set_unusable_password()
        user.full_clean(validate_unique=False)
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
