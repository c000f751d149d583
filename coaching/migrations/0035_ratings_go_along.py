"""A rating is of one client for ever, in whichever of their cohorts; nothing else of it changes."""

from django.db import migrations

DO = """
CREATE FUNCTION across_rating_of_a_client() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT across_freeze_lifted() AND (
    (NEW.id, NEW.moment, NEW.coach_id, NEW.rated_at) IS DISTINCT FROM (OLD.id, OLD.moment, OLD.coach_id, OLD.rated_at)
    OR (SELECT client_id FROM clients_enrolment WHERE id = NEW.enrolment_id)
      IS DISTINCT FROM (SELECT client_id FROM clients_enrolment WHERE id = OLD.enrolment_id)
  ) THEN
    RAISE EXCEPTION '% is a record and never changes', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER frozen ON coaching_rating;
CREATE TRIGGER frozen BEFORE UPDATE ON coaching_rating
  FOR EACH ROW EXECUTE FUNCTION across_rating_of_a_client();
"""
UNDO = """
DROP TRIGGER frozen ON coaching_rating;
CREATE TRIGGER frozen BEFORE UPDATE ON coaching_rating
  FOR EACH ROW EXECUTE FUNCTION across_frozen_row();
DROP FUNCTION across_rating_of_a_client();
"""


class Migration(migrations.Migration):
    dependencies = [("coaching", "0034_pulse")]
    operations = [migrations.RunSQL(DO, UNDO)]
