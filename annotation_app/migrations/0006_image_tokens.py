"""Unguessable names of images in addresses; PostgreSQL draws one for every row that is there."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotation_app", "0005_unfinished_leases")]

    operations = [
        migrations.AddField(
            model_name="image",
            name="token",
            field=models.UUIDField(
                db_default=RandomUUID(),
                default=uuid.uuid4,
                editable=False,
                help_text="names the image in the addresses of those who may see its collection",
                unique=True,
            ),
        ),
    ]
