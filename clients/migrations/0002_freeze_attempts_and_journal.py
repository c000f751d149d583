"""What was handed in and what was written down refuse every change, whoever asks."""

from django.db import migrations

DO = """
CREATE FUNCTION across_frozen_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT across_freeze_lifted() THEN
    RAISE EXCEPTION '% is a record and never changes', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON clients_attempt
  FOR EACH ROW EXECUTE FUNCTION across_frozen_row();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON clients_takenback
  FOR EACH ROW EXECUTE FUNCTION across_frozen_row();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON clients_journalentry
  FOR EACH ROW EXECUTE FUNCTION across_frozen_row();
"""

UNDO = """
DROP TRIGGER frozen ON clients_attempt;
DROP TRIGGER frozen ON clients_takenback;
DROP TRIGGER frozen ON clients_journalentry;
DROP FUNCTION across_frozen_row();
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_initial"), ("curriculum", "0002_freeze_published_editions")]
    operations = [migrations.RunSQL(DO, UNDO)]
