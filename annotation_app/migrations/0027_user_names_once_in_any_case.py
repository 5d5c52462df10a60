import django.db.models.functions.text
from django.db import migrations, models
from django.db.models import Count
from django.db.models.functions import Lower


def refuse_duplicates(apps, schema_editor):
    """Say which names must change first: no one but the operator knows whose is whose."""
    users = apps.get_model("annotation_app", "User").objects
    twice = users.values(lower=Lower("username")).annotate(n=Count("pk")).filter(n__gt=1)
    groups = [
        ", ".join(
            f"{name} (id {pk})"
            for pk, name in users.annotate(lower=Lower("username"))
            .filter(lower=one)
            .order_by("pk")
            .values_list("pk", "username")
        )
        for one in twice.order_by("lower").values_list("lower", flat=True)
    ]
    if groups:
        raise ValueError(
            "User names must differ by more than their case, and these do not: "
            + "; ".join(groups)
            + ". Rename all but one of each, then migrate again. In the database: "
            "UPDATE annotation_app_user SET username = 'new-name' WHERE id = ..."
        )


class Migration(migrations.Migration):
    dependencies = [
        ("annotation_app", "0026_unforeseen_errors_in_a_sentence"),
    ]

    operations = [
        migrations.RunPython(refuse_duplicates, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("username"),
                name="username_once_in_any_case",
            ),
        ),
    ]
