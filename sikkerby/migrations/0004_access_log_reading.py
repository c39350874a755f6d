import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sikkerby", "0003_in_full"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessLogReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="tidspunkt")),
                ("because", models.CharField(max_length=300, verbose_name="begrundelse")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="dokument")),
                ("first_day", models.DateField(blank=True, null=True, verbose_name="fra")),
                ("last_day", models.DateField(blank=True, null=True, verbose_name="til og med")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="læst af",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person, som har hentet",
                    ),
                ),
            ],
            options={
                "verbose_name": "læsning af adgangsloggen",
                "verbose_name_plural": "læsninger af adgangsloggen",
                "ordering": ["-pk"],
            },
        ),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE ON sikkerby_accesslogreading FROM sikkerby_app", migrations.RunSQL.noop
        ),
    ]
