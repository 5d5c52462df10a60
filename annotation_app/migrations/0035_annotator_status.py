"""The record of an annotator's pauses is called what pages call it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("annotation_app", "0034_quality_figures_in_bounds")]

    operations = [
        migrations.RenameModel(old_name="AnnotatorStanding", new_name="AnnotatorStatus"),
        migrations.AlterField(
            model_name="annotatorstatus",
            name="membership",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="annotator_status",
                serialize=False,
                to="annotation_app.membership",
            ),
        ),
    ]
