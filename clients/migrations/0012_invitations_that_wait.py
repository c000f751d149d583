from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0011_external_ids'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='is_waiting',
            field=models.BooleanField(default=False, help_text='put down; no letter goes before they are opened'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('is_waiting', False), ('accepted_at__isnull', True), _connector='OR'), name='nobody_accepts_an_invitation_that_waits'),
        ),
    ]
