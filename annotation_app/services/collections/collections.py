"""Writing collections."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import Collection, User
from annotation_app.services.audit.events import record_event
from annotation_app.services.campaigns.slugs import free_slug

NAME_LENGTH = 200


def create_collection(
    *,
    name: str,
    actor: User | None,
    description: str = "",
    licence: str = "",
    is_simulated: bool = False,
) -> Collection:
    """Open a collection; its creator may import into it.

    Raises:
        InvalidInputError: if the name is empty or too long.
        ConflictError: if the name is taken.
    """
    name = name.strip()
    if not name or len(name) > NAME_LENGTH:
        raise InvalidInputError(
            _("The name of a collection must have 1 to %(most)s characters.")
            % {"most": NAME_LENGTH}
        )
    try:
        with transaction.atomic():
            collection = Collection.objects.create(
                name=name,
                slug=free_slug(
                    name, fallback="collection", longest=NAME_LENGTH, is_taken=_is_taken
                ),
                description=description,
                licence=licence,
                is_simulated=is_simulated,
                created_by=actor,
            )
            record_event(
                actor=actor,
                verb=AuditVerb.CREATED,
                object_type="collection",
                object_id=collection.pk,
                data={"name": name},
            )
    except IntegrityError as error:
        raise ConflictError(
            _("A collection named “%(name)s” already exists. Choose another name.") % {"name": name}
        ) from error
    return collection


def open_collection(*, name: str, actor: User | None) -> Collection:
    """The collection of this name, made if there is none."""
    found = Collection.objects.filter(name=name.strip()).first()
    if found is not None:
        return found
    try:
        return create_collection(name=name, actor=actor)
    except ConflictError:  # another request made it just now
        return Collection.objects.get(name=name.strip())


def _is_taken(slug: str) -> bool:
    return Collection.objects.filter(slug=slug).exists()
