
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("coaching", "0015_attendance"),
        ("curriculum", "0006_exemplars"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ExemplarMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('criterion', models.SlugField()),
                ('level', models.PositiveSmallIntegerField()),
                ('marked_at', models.DateTimeField()),
                ('coach', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exemplar_marks', to=settings.AUTH_USER_MODEL)),
                ('exemplar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='curriculum.exemplar')),
            ],
            options={
                'ordering': ['coach', 'exemplar', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('coach', 'exemplar', 'criterion'), name='one_level_a_criterion_of_an_exemplar'), models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 4)), name='a_mark_of_an_exemplar_is_between_1_and_4')],
            },
        ),
        migrations.CreateModel(
            name='LetOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200)),
                ('let_off_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('coach', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='let_offs', to=settings.AUTH_USER_MODEL)),
                ('let_off_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['coach', 'let_off_at', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('coach',), name='let_off_once_at_a_time'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='letting_off_has_a_reason'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('let_off_at')), _connector='OR'), name='letting_off_ends_after_it_began')],
            },
        ),
    ]
