from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0006_committee_version")]
    operations = [
        migrations.AddField(
            model_name="paperjob",
            name="despite",
            field=models.JSONField(default=list, verbose_name="udsendt trods"),
        ),
        migrations.AlterField(
            model_name="notestep",
            name="act",
            field=models.CharField(
                choices=[
                    ("submitted", "sendt til godkendelse"),
                    ("sent_back", "sendt tilbage"),
                    ("taken_back", "taget tilbage som udkast"),
                    ("approved", "godkendt"),
                    ("issued", "udsendt"),
                    ("journalised", "noteret som journaliseret"),
                    ("barring_asked", "ønsket spærret for visning"),
                    ("barring_taken_back", "ønsket om spærring trukket tilbage"),
                    ("barred", "spærret for visning"),
                ],
                max_length=20,
            ),
        ),
    ]
