"""An edition is published with the one it follows and its class against that one."""

import django.db.models.deletion
from django.db import migrations, models

RULE = """
CREATE FUNCTION across_edition_follows_an_earlier_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.follows_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM curriculum_edition
     WHERE id = NEW.follows_id AND programme_id = NEW.programme_id AND number < NEW.number
  ) THEN
    RAISE EXCEPTION 'edition % follows no earlier edition of its programme', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER follows_an_earlier_one BEFORE INSERT OR UPDATE ON curriculum_edition
  FOR EACH ROW EXECUTE FUNCTION across_edition_follows_an_earlier_one();
"""
UNDO = """
DROP TRIGGER follows_an_earlier_one ON curriculum_edition;
DROP FUNCTION across_edition_follows_an_earlier_one();
"""
CLASSES = [("cosmetic", "Cosmetic"), ("additive", "Additive"), ("breaking", "Breaking")]


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0006_exemplars")]
    operations = [
        migrations.AddField(
            "edition", "change",
            models.CharField(
                blank=True, choices=CLASSES, db_default="", max_length=8,
                help_text="the class of this edition against that one",
            ),
        ),
        migrations.AddField(
            "edition", "follows",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="curriculum.edition", help_text="the newest published edition when this one was published",
            ),
        ),
        migrations.AddConstraint(
            "edition",
            models.CheckConstraint(
                condition=models.Q(change="", follows__isnull=True)
                | models.Q(
                    change__in=["cosmetic", "additive", "breaking"], follows__isnull=False, number__isnull=False
                ),
                name="what_follows_an_edition_has_its_class",
            ),
        ),
        migrations.RunSQL(RULE, UNDO),
    ]  # fmt: skip
