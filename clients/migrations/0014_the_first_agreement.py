"""The agreement that comes with the product is the first version, and what running cohorts ask for."""

from hashlib import sha256
from pathlib import Path

from django.db import migrations
from django.db.models.functions import Now

TEXT = Path(__file__).parent.parent / "texts" / "agreement.md"


def publish(apps, _schema_editor):
    text = TEXT.read_text(encoding="utf-8").strip()
    first = apps.get_model("clients", "CoachingAgreement").objects.create(
        number=1, text=text, sha256=sha256(text.encode()).hexdigest(), published_at=Now(), published_by=""
    )
    apps.get_model("clients", "Cohort").objects.filter(closed_at=None).update(agreement=first)


class Migration(migrations.Migration):
    dependencies = [("clients", "0013_the_coaching_agreement")]
    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
