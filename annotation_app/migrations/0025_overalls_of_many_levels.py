"""The live store takes in the overalls of many levels, which it did not hold.

What these campaigns have folded is forgotten, and every rated item is noted: until the next fold
readers count the notes, so that no figure is missing in between.
"""

from fractions import Fraction
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MOST_HELD = 12
NOTE = """
INSERT INTO annotation_app_campaignitemchange (campaign_id, campaign_item_id, created_at)
SELECT DISTINCT campaign_id, campaign_item_id, now() FROM annotation_app_rating
WHERE campaign_id = %s
"""
# A reader that began before must notice: as after a fold.
ADVANCE = "UPDATE annotation_app_livestore SET version = version + 1 WHERE campaign_id = %s"


def fold_again(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Forget and note the campaigns whose overall has more levels than were held."""
    rubrics = apps.get_model("annotation_app", "Rubric").objects.prefetch_related(
        "dimensions__levels"
    )
    long = [rubric.pk for rubric in rubrics if _overall_levels(rubric) > MOST_HELD]
    campaigns = apps.get_model("annotation_app", "Campaign").objects.filter(rubric__in=long)
    for campaign in campaigns.values_list("pk", flat=True):
        for name in ("LiveSums", "LiveCross", "LiveItem"):
            apps.get_model("annotation_app", name).objects.filter(campaign=campaign).delete()
        with editor.connection.cursor() as cursor:
            cursor.execute(NOTE, [campaign])
            cursor.execute(ADVANCE, [campaign])


def _overall_levels(rubric: Any) -> int:  # noqa: ANN401 -- a model of this moment has no class
    sums = {Fraction(0)}
    for dimension in rubric.dimensions.all():
        weight = Fraction(dimension.weight_numerator, dimension.weight_denominator)
        values = [level.value for level in dimension.levels.all()]
        sums = {total + value * weight for total in sums for value in values}
    return len(sums)


class Migration(migrations.Migration):
    dependencies = [
        ("annotation_app", "0024_names_of_api_tokens"),
    ]

    operations = [
        migrations.RunPython(fold_again, migrations.RunPython.noop),
    ]
