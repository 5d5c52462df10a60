import uuid

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotation_app', '0019_withdrawals'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='public_id',
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        # One value for each row: the default of a new column would be the same for all.
        migrations.RunSQL(
            'UPDATE annotation_app_user SET public_id = gen_random_uuid()',
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name='user',
            name='public_id',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
