from django.db import migrations

from sikkerby.history import append_only


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0001_initial"), ("sikkerby", "0002_history")]
    operations = [append_only("initiatives")]
