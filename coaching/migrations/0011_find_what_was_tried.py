"""What was tried before is found without reading everything that is due."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coaching", "0010_waivers")]

    operations = [
        migrations.AddIndex(
            model_name="milestone",
            index=models.Index(
                condition=models.Q(("attempts__gt", 0), ("state", "pending")), fields=["due_at"], name="milestones_tried"
            ),
        ),
    ]
