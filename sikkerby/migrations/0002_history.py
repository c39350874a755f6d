"""History is append-only for the serving role, and each event carries its context itself."""

from django.db import migrations

from sikkerby.history import append_only

# PGHISTORY_CONTEXT_FIELD keeps who and where as JSON in the event. pghistory 3.9 at statement level still writes the
# same to its context table, which would need UPDATE; here it writes nothing.
NO_CONTEXT_TABLE = """
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS uuid AS $$ SELECT NULL::uuid $$ LANGUAGE sql;
REVOKE INSERT, UPDATE, DELETE ON pghistory_context FROM sikkerby_app;
"""

class Migration(migrations.Migration):
    dependencies = [("sikkerby", "0001_initial"), ("pghistory", "0007_auto_20250421_0444")]
    operations = [
        migrations.RunSQL(NO_CONTEXT_TABLE, migrations.RunSQL.noop),
        append_only("sikkerby"),
        migrations.RunSQL("REVOKE UPDATE, DELETE ON sikkerby_accesslog FROM sikkerby_app", migrations.RunSQL.noop),
    ]
