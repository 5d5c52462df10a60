"""Give collections named like a fixed page an address of their own: theirs led to that page."""

import secrets

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def move(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Add a random tail to the address."""
    for collection in apps.get_model("annotation_app", "Collection").objects.filter(slug="new"):
        collection.slug = f"new-{secrets.token_hex(4)}"
        collection.save(update_fields=["slug"])


class Migration(migrations.Migration):
    dependencies = [("annotation_app", "0022_alert_on_reports_that_differ")]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
