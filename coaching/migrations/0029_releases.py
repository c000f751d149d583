import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FREEZE = """
CREATE FUNCTION across_release_is_withdrawn_and_no_more() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT across_freeze_lifted() AND (
    TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
    OR (NEW.id, NEW.enrolment_id, NEW.kind, NEW.released_at) <> (OLD.id, OLD.enrolment_id, OLD.kind, OLD.released_at)
  ) THEN
    RAISE EXCEPTION 'a release is a copy: it is withdrawn and never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON coaching_release
  FOR EACH ROW EXECUTE FUNCTION across_release_is_withdrawn_and_no_more();
"""
THAW = """
DROP TRIGGER frozen ON coaching_release;
DROP FUNCTION across_release_is_withdrawn_and_no_more();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0016_sponsors_are_invited'),
        ('coaching', '0028_inspections'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('piece', 'a piece handed in'), ('answered', 'a piece with its feedback'), ('meeting', 'an entry of the meeting log'), ('line', 'a line of the ledger'), ('note', 'a note')], max_length=8)),
                ('source', models.PositiveBigIntegerField(blank=True, help_text='the number of the row it is a copy of', null=True)),
                ('title', models.CharField(blank=True, max_length=300)),
                ('text', models.TextField(blank=True)),
                ('released_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-released_at', '-pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='note',
            name='a_note_is_of_one_class_and_never_released',
        ),
        migrations.RemoveConstraint(
            model_name='note',
            name='a_pair_has_a_client',
        ),
        migrations.AlterField(
            model_name='consent',
            name='scope',
            field=models.CharField(choices=[('check_ins', 'Check Ins'), ('certificate', 'Certificate'), ('sponsor_notes', 'Sponsor Notes')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('visibility__in', ['private', 'pair', 'coaching_team', 'programme', 'cohort', 'released'])), name='a_note_is_of_one_class'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('visibility__in', ['pair', 'released']), _negated=True), ('enrolment__isnull', False), _connector='OR'), name='what_a_pair_shares_or_releases_has_a_client'),
        ),
        migrations.AddField(
            model_name='release',
            name='enrolment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='clients.enrolment'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('enrolment', 'kind', 'source'), name='something_is_released_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source__isnull', False), ('withdrawn_at__isnull', True), models.Q(('title', ''), _negated=True), models.Q(('text', ''), _negated=True)), models.Q(('source__isnull', True), ('text', ''), ('title', ''), ('withdrawn_at__gte', models.F('released_at'))), _connector='OR'), name='a_copy_has_its_words_until_it_is_withdrawn'),
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
