from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coaching", "0031_handouts")]

    operations = [
        migrations.AlterField(
            model_name="release",
            name="kind",
            field=models.CharField(
                choices=[
                    ("piece", "a piece handed in"),
                    ("answered", "a piece with its feedback"),
                    ("meeting", "an entry of the meeting log"),
                    ("line", "a line of the ledger"),
                    ("oneonone", "a 1:1 as it was planned"),
                    ("note", "a note"),
                ],
                max_length=8,
            ),
        ),
    ]
