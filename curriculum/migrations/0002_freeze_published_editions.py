"""Published editions refuse every change, whoever asks."""

from django.db import migrations

CHILDREN = [
    "competency", "module", "instrument", "messagetext", "week", "lesson", "exercise", "example",
    "rubric", "criterion", "level", "comment", "milestoneplan",
]

FUNCTIONS = """
CREATE FUNCTION across_freeze_lifted() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT coalesce(current_setting('across.lift_freeze', true), '') = 'on' $$;

CREATE FUNCTION across_frozen_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.number IS NOT NULL AND NOT across_freeze_lifted() THEN
    RAISE EXCEPTION 'edition % is published and frozen', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION across_frozen_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  touched bigint[] := ARRAY[]::bigint[];
BEGIN
  IF TG_OP <> 'INSERT' THEN touched := touched || OLD.edition_id; END IF;
  IF TG_OP <> 'DELETE' THEN touched := touched || NEW.edition_id; END IF;
  IF NOT across_freeze_lifted() AND EXISTS (
    SELECT 1 FROM curriculum_edition WHERE id = ANY(touched) AND number IS NOT NULL
  ) THEN
    RAISE EXCEPTION '% belongs to a published edition, which is frozen', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON curriculum_edition
  FOR EACH ROW EXECUTE FUNCTION across_frozen_edition();
"""

TRIGGERS = "".join(
    f"CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON curriculum_{name} "
    "FOR EACH ROW EXECUTE FUNCTION across_frozen_part();\n"
    for name in CHILDREN
)

UNDO = "".join(f"DROP TRIGGER frozen ON curriculum_{name};\n" for name in [*CHILDREN, "edition"])
UNDO += "DROP FUNCTION across_frozen_part(); DROP FUNCTION across_frozen_edition(); DROP FUNCTION across_freeze_lifted();"


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTIONS + TRIGGERS, UNDO)]
