"""Exercises that are done by counting what is kept elsewhere: nothing is handed in for them.

What earlier editions hold of that sort is marked by rewriting the column, because their rows are frozen.
"""

from django.db import migrations, models

MARK = """
ALTER TABLE curriculum_exercise
  ALTER COLUMN counted TYPE boolean USING (counted OR kind IN ('log', 'assessment'));
"""


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0002_freeze_published_editions")]
    operations = [
        migrations.AddField(
            model_name="exercise",
            name="counted",
            field=models.BooleanField(default=False, help_text="done by counting records; nothing is handed in"),
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
    ]
