"""An account begins without a language of its own; English so far said nothing."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget_what_nobody_chose(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """English was what every account began with."""
    apps.get_model("annotation_app", "User").objects.filter(language="en").update(language="")


def speak_english(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Go back."""
    apps.get_model("annotation_app", "User").objects.filter(language="").update(language="en")


class Migration(migrations.Migration):
    dependencies = [
        ("annotation_app", "0020_public_ids_of_people"),
    ]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[("en", "English"), ("zh-hans", "简体中文")],
                default="",
                help_text="empty: the browser's",
                max_length=10,
            ),
        ),
        migrations.RunPython(forget_what_nobody_chose, speak_english),
    ]
