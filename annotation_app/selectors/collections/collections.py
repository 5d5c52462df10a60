"""Reads of collections, their items and candidates, for those who may see them."""

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from annotation_app.enums import MembershipStatus, Role
from annotation_app.models import Candidate, Collection, Item, User

SEEING = (Role.ADMIN, Role.RESEARCHER, Role.REVIEWER)


def visible_collections(user: User) -> QuerySet[Collection]:
    """The collections whose images a person may see (`policies.can_see_collection_images`).

    Each carries `item_count`, `candidate_count` and `campaign_count`.
    """
    collections = Collection.objects.select_related("created_by")
    if not user.is_active:
        return collections.none()
    if not user.is_superuser:
        seen = Collection.objects.filter(
            campaigns__memberships__user=user,
            campaigns__memberships__role__in=SEEING,
            campaigns__memberships__status=MembershipStatus.ACTIVE,
        )
        collections = collections.filter(pk__in=seen.values("pk"))
    return collections.annotate(
        item_count=_count(Item.objects.filter(collection=OuterRef("pk")), "collection"),
        candidate_count=_count(
            Candidate.objects.filter(item__collection=OuterRef("pk")), "item__collection"
        ),
        campaign_count=Count("campaigns", distinct=True),
    )


def collection_items(
    collection: Collection, *, search: str = "", category: str = ""
) -> QuerySet[Item]:
    """A collection's items with their images, in the order of import.

    Args:
        collection: the collection to read.
        search: words of the instruction, or the beginning of an item's id.
        category: exactly this one; empty for all.
    """
    items = Item.objects.filter(collection=collection)
    if search:
        items = items.filter(Q(instruction__icontains=search) | Q(external_id__istartswith=search))
    if category:
        items = items.filter(category=category)
    return items.select_related("source_image").prefetch_related(
        "candidates__image", "candidates__generator"
    )


def collection_categories(collection: Collection) -> list[str]:
    """The categories that occur, in alphabetical order."""
    names = Item.objects.filter(collection=collection).exclude(category="")
    return list(names.order_by("category").values_list("category", flat=True).distinct())


def _count(rows: QuerySet[Item] | QuerySet[Candidate], group: str) -> Coalesce:
    counted = rows.order_by().values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
