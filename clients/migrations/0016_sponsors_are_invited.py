from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clients', '0015_transfers'),
    ]

    operations = [
        migrations.AlterField(
            model_name='invitation',
            name='role',
            field=models.CharField(choices=[('client', 'Client'), ('coach', 'Coach'), ('admin', 'Admin'), ('sponsor', 'Sponsor')], max_length=8),
        ),
    ]
