import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models

# Which closed years a step moved was not kept: the year's account was closed before it, so it may be any of those.
CLOSED_BY_THEN = """
    UPDATE closures_closurestep AS step
    SET closed_years = ARRAY(
        SELECT year FROM closures_yearlyaccount WHERE closed_at < step.at ORDER BY year
    )
    WHERE after_account
"""


class Migration(migrations.Migration):
    dependencies = [
        ("closures", "0008_late_steps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="closurestep", name="closures_closurestep_late"),
        migrations.AddField(
            model_name="closurestep",
            name="closed_years",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                blank=True,
                default=list,
                size=None,
                verbose_name="efter årsopgørelsen for",
            ),
        ),
        migrations.RunSQL(CLOSED_BY_THEN, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="closurestep", name="after_account"),
        migrations.AddIndex(
            model_name="closurestep",
            index=models.Index(
                models.F("closure"),
                condition=models.Q(("closed_years", []), _negated=True),
                name="closures_closurestep_late",
            ),
        ),
    ]
