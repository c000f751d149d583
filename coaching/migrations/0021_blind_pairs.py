import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


KEEP = """
CREATE FUNCTION across_rating_is_saved_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.rated_at IS NOT NULL THEN
    RAISE EXCEPTION 'a rating of a pair is saved once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION across_marks_of_a_saved_rating() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM coaching_pairrating WHERE id = NEW.rating_id AND rated_at IS NOT NULL) THEN
    RAISE EXCEPTION 'this rating of a pair is saved already' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER a_rating_is_saved_once BEFORE UPDATE ON coaching_pairrating
  FOR EACH ROW EXECUTE FUNCTION across_rating_is_saved_once();
CREATE TRIGGER marks_come_before_a_rating_is_saved BEFORE INSERT OR UPDATE ON coaching_pairmark
  FOR EACH ROW EXECUTE FUNCTION across_marks_of_a_saved_rating();
"""
UNDO = """
DROP TRIGGER marks_come_before_a_rating_is_saved ON coaching_pairmark;
DROP TRIGGER a_rating_is_saved_once ON coaching_pairrating;
DROP FUNCTION across_marks_of_a_saved_rating();
DROP FUNCTION across_rating_is_saved_once();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("clients", "0008_when_dates_last_moved"),
        ("coaching", "0020_conversations"),
        ("curriculum", "0006_exemplars"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BlindPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
                ('early', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.attempt')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blind_pairs', to='clients.enrolment')),
                ('late', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.attempt')),
            ],
            options={
                'ordering': ['enrolment', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PairConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pair_consents', to='clients.enrolment')),
            ],
            options={
                'ordering': ['enrolment', 'given_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PairRating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seat', models.PositiveSmallIntegerField()),
                ('token', models.CharField(max_length=43, unique=True)),
                ('late_first', models.BooleanField()),
                ('asked_at', models.DateTimeField()),
                ('rated_at', models.DateTimeField(blank=True, null=True)),
                ('pair', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to='coaching.blindpair')),
                ('rater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pair_ratings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['token'],
            },
        ),
        migrations.CreateModel(
            name='PairMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(help_text='1 is the text shown first')),
                ('level', models.PositiveSmallIntegerField()),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='curriculum.criterion')),
                ('rating', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='coaching.pairrating')),
            ],
            options={
                'ordering': ['rating', 'place', 'criterion__position'],
            },
        ),
        migrations.AddConstraint(
            model_name='blindpair',
            constraint=models.UniqueConstraint(fields=('enrolment', 'early', 'late'), name='the_same_pair_is_made_once'),
        ),
        migrations.AddConstraint(
            model_name='blindpair',
            constraint=models.CheckConstraint(condition=models.Q(('early', models.F('late')), _negated=True), name='a_pair_is_of_two'),
        ),
        migrations.AddConstraint(
            model_name='pairconsent',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('enrolment',), name='a_client_consents_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='pairconsent',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('withdrawn_at__gte', models.F('given_at')), _connector='OR'), name='a_consent_ends_after_it_was_given'),
        ),
        migrations.AddConstraint(
            model_name='pairrating',
            constraint=models.UniqueConstraint(fields=('pair', 'rater'), name='a_coach_reads_a_pair_once'),
        ),
        migrations.AddConstraint(
            model_name='pairrating',
            constraint=models.UniqueConstraint(fields=('pair', 'seat'), name='one_reader_a_seat'),
        ),
        migrations.AddConstraint(
            model_name='pairrating',
            constraint=models.CheckConstraint(condition=models.Q(('seat__gte', 1), ('seat__lte', 2)), name='a_pair_has_two_readers_at_most'),
        ),
        migrations.AddConstraint(
            model_name='pairrating',
            constraint=models.CheckConstraint(condition=models.Q(('rated_at__isnull', True), ('rated_at__gte', models.F('asked_at')), _connector='OR'), name='a_pair_is_rated_after_it_was_asked'),
        ),
        migrations.AddConstraint(
            model_name='pairmark',
            constraint=models.UniqueConstraint(fields=('rating', 'place', 'criterion'), name='one_level_a_criterion_of_a_text'),
        ),
        migrations.AddConstraint(
            model_name='pairmark',
            constraint=models.CheckConstraint(condition=models.Q(('place__in', [1, 2])), name='a_pair_shows_two_texts'),
        ),
        migrations.AddConstraint(
            model_name='pairmark',
            constraint=models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 4)), name='a_pair_mark_is_between_1_and_4'),
        ),
        migrations.RunSQL(KEEP, UNDO),
    ]
