from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("clients", "0007_engine_memory_and_unknown_outcomes"),
    ]

    operations = [
        migrations.AddField(
            model_name='cohort',
            name='plan_changed_at',
            field=models.DateTimeField(blank=True, help_text='when its dates last moved', null=True),
        ),
    ]
