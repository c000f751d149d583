import django.db.models.deletion
from django.db import migrations, models


HOLD = """
ALTER TABLE clients_coachingagreement ADD CONSTRAINT the_hash_is_of_the_text
  CHECK (sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex'));
ALTER TABLE clients_acceptance ADD CONSTRAINT accepted_were_the_words_of_the_version
  FOREIGN KEY (agreement_id, sha256) REFERENCES clients_coachingagreement (id, sha256);
ALTER TABLE clients_enrolment ADD CONSTRAINT what_stands_was_accepted
  FOREIGN KEY (id, agreement_id) REFERENCES clients_acceptance (enrolment_id, agreement_id)
  DEFERRABLE INITIALLY DEFERRED;

CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON clients_coachingagreement
  FOR EACH ROW EXECUTE FUNCTION across_frozen_row();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON clients_acceptance
  FOR EACH ROW EXECUTE FUNCTION across_frozen_row();
"""
UNDO = """
DROP TRIGGER frozen ON clients_acceptance;
DROP TRIGGER frozen ON clients_coachingagreement;
ALTER TABLE clients_enrolment DROP CONSTRAINT what_stands_was_accepted;
ALTER TABLE clients_acceptance DROP CONSTRAINT accepted_were_the_words_of_the_version;
ALTER TABLE clients_coachingagreement DROP CONSTRAINT the_hash_is_of_the_text;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0012_invitations_that_wait"),
    ]

    operations = [
        migrations.CreateModel(
            name="CoachingAgreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(unique=True)),
                ("text", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField()),
                (
                    "published_by",
                    models.CharField(
                        blank=True, help_text="a name; empty for the one that comes with the product", max_length=120
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="an_agreement_has_words"
                    ),
                    models.UniqueConstraint(fields=("id", "sha256"), name="a_version_and_its_hash"),
                ],
            },
        ),
        migrations.AddField(
            model_name="cohort",
            name="agreement",
            field=models.ForeignKey(
                blank=True,
                help_text="the version its clients are asked to accept; of no version nothing is asked",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="clients.coachingagreement",
            ),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="agreement",
            field=models.ForeignKey(
                blank=True,
                help_text="the version accepted last; there is an acceptance of it, by foreign key",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="clients.coachingagreement",
            ),
        ),
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(help_text="of the text as it was shown", max_length=64)),
                ("accepted_at", models.DateTimeField()),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acceptances", to="clients.enrolment"
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptances",
                        to="clients.coachingagreement",
                    ),
                ),
            ],
            options={
                "ordering": ["enrolment", "accepted_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("enrolment", "agreement"), name="a_version_is_accepted_once")
                ],
            },
        ),
        migrations.RunSQL(HOLD, UNDO),
    ]
