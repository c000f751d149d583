import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('curriculum', '0005_comments_for_a_criterion'),
    ]

    operations = [
        migrations.CreateModel(
            name='Exemplar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField()),
                ('about', models.CharField(max_length=300)),
                ('answer', models.JSONField(default=dict)),
                ('reference', models.JSONField(default=dict)),
                ('why', models.JSONField(default=dict)),
                ('position', models.PositiveSmallIntegerField()),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exemplars', to='curriculum.edition')),
                ('exercise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='curriculum.exercise')),
                ('rubric', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exemplars', to='curriculum.rubric')),
            ],
            options={
                'ordering': ['rubric', 'position'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'key'), name='exemplar_keys_are_unique')],
            },
        ),
        migrations.RunSQL(
            "CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON curriculum_exemplar "
            "FOR EACH ROW EXECUTE FUNCTION across_frozen_part();",
            "DROP TRIGGER frozen ON curriculum_exemplar;",
        ),
    ]
