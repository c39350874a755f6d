"""First what the database must be able to do and what the serving role may; then the ground's tables."""

import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import sikkerby.models
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations, models


# sikkerby_owner migrates and owns the tables; sikkerby_app serves. It may read and write rows, and nothing else: no
# TRUNCATE, no ALTER, no triggers. Migrations that make history or issued documents take UPDATE and DELETE away again.
GRANT = """
GRANT USAGE ON SCHEMA public TO sikkerby_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO sikkerby_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO sikkerby_app;
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM sikkerby_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO sikkerby_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO sikkerby_app;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.RunSQL(GRANT, migrations.RunSQL.noop),
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='brugernavn')),
                ('name', models.CharField(max_length=150, verbose_name='navn')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='telefon')),
                ('is_active', models.BooleanField(default=True, help_text='Fjern fluebenet for at lukke kontoen. Personen bliver logget ud ved næste klik.', verbose_name='aktiv')),
            ],
            options={
                'verbose_name': 'bruger',
                'verbose_name_plural': 'brugere',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='AccessLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='tidspunkt')),
                ('what', models.CharField(max_length=200, verbose_name='hvad')),
                ('ip_address', models.GenericIPAddressField(null=True, verbose_name='IP-adresse')),
            ],
            options={
                'verbose_name': 'hentning',
                'verbose_name_plural': 'adgangslog',
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='Administration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='navn')),
                ('abbreviation', models.CharField(max_length=10, unique=True, verbose_name='forkortelse')),
            ],
            options={
                'verbose_name': 'forvaltning',
                'verbose_name_plural': 'forvaltninger',
                'ordering': [sikkerby.models.DanishOrder('name')],
            },
        ),
        migrations.CreateModel(
            name='AdministrationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=100, verbose_name='navn')),
                ('abbreviation', models.CharField(max_length=10, verbose_name='forkortelse')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AdministrationName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begins', models.DateField(blank=True, null=True, verbose_name='fra')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='til og med')),
                ('name', models.CharField(max_length=100, verbose_name='navn')),
                ('abbreviation', models.CharField(blank=True, max_length=10, verbose_name='forkortelse')),
                ('is_alias', models.BooleanField(default=False, verbose_name='alias')),
            ],
            options={
                'verbose_name': 'forvaltningsnavn',
                'verbose_name_plural': 'forvaltningsnavne',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AdministrationNameEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('begins', models.DateField(blank=True, null=True, verbose_name='fra')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='til og med')),
                ('name', models.CharField(max_length=100, verbose_name='navn')),
                ('abbreviation', models.CharField(blank=True, max_length=10, verbose_name='forkortelse')),
                ('is_alias', models.BooleanField(default=False, verbose_name='alias')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='District',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='navn')),
            ],
            options={
                'verbose_name': 'bydel',
                'verbose_name_plural': 'bydele',
                'ordering': [sikkerby.models.DanishOrder('name')],
            },
        ),
        migrations.CreateModel(
            name='DistrictEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=100, verbose_name='navn')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begins', models.DateField(blank=True, null=True, verbose_name='fra')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='til og med')),
                ('kind', models.CharField(choices=[('office', 'Center for Sikker By'), ('approver', 'godkender'), ('contributor', 'forvaltningsmedarbejder'), ('closure_contact', 'forvaltningens kontaktperson for lukninger'), ('administrator', 'systemadministrator')], max_length=20, verbose_name='rolle')),
            ],
            options={
                'verbose_name': 'rolle',
                'verbose_name_plural': 'roller',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DutyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('begins', models.DateField(blank=True, null=True, verbose_name='fra')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='til og med')),
                ('kind', models.CharField(choices=[('office', 'Center for Sikker By'), ('approver', 'godkender'), ('contributor', 'forvaltningsmedarbejder'), ('closure_contact', 'forvaltningens kontaktperson for lukninger'), ('administrator', 'systemadministrator')], max_length=20, verbose_name='rolle')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='filnavn')),
                ('content_type', models.CharField(max_length=100, verbose_name='type')),
                ('size', models.PositiveIntegerField(verbose_name='størrelse i byte')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('content', models.BinaryField(verbose_name='indhold')),
                ('stored_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='gemt')),
            ],
            options={
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('key', models.UUIDField(primary_key=True, serialize=False)),
                ('address', models.CharField(blank=True, max_length=200)),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='UserEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('username', models.CharField(max_length=150, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='brugernavn')),
                ('name', models.CharField(max_length=150, verbose_name='navn')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='telefon')),
                ('is_active', models.BooleanField(default=True, help_text='Fjern fluebenet for at lukke kontoen. Personen bliver logget ud ved næste klik.', verbose_name='aktiv')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sikkerby_userevent" ("email", "id", "is_active", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "username") SELECT new_values."email", new_values."id", new_values."is_active", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."phone", new_values."username" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='4a404a8da986fc9e9b32b01722b8d5deca1da6c8', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_9e26e', referencing='REFERENCING NEW TABLE AS new_values ', table='sikkerby_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sikkerby_userevent" ("email", "id", "is_active", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "username") SELECT new_values."email", new_values."id", new_values."is_active", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."phone", new_values."username" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_active" IS DISTINCT FROM (new_values."is_active") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."phone" IS DISTINCT FROM (new_values."phone") OR old_values."username" IS DISTINCT FROM (new_values."username")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='bf83fce613367c1edb2390f9bec1b6799d46fde2', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_65c42', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='sikkerby_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sikkerby_userevent" ("email", "id", "is_active", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "username") SELECT old_values."email", old_values."id", old_values."is_active", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."phone", old_values."username" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='4cc4d3fad5624ccef1102908b632625d1d826cbd', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_3540c', referencing='REFERENCING OLD TABLE AS old_values ', table='sikkerby_user', when='AFTER')),
        ),
        migrations.AddField(
            model_name='accesslog',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='bruger'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='administration',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sikkerby_administrationevent" ("abbreviation", "id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."abbreviation", new_values."id", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='b6a395133583edec030e725e45367c48b0b45685', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_49ce5', referencing='REFERENCING NEW TABLE AS new_values ', table='sikkerby_administration', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='administration',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sikkerby_administrationevent" ("abbreviation", "id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."abbreviation", new_values."id", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d56debd8cbac4b141b30b182dec85945cac2ef34', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_8a18b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='sikkerby_administration', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='administration',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sikkerby_administrationevent" ("abbreviation", "id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."abbreviation", old_values."id", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='9c17ad8302a35f3f2dc5a673fe151b0be6743390', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_a8d3e', referencing='REFERENCING OLD TABLE AS old_values ', table='sikkerby_administration', when='AFTER')),
        ),
        migrations.AddField(
            model_name='administrationevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to='sikkerby.administration'),
        ),
        migrations.AddField(
            model_name='administrationname',
            name='administration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='sikkerby.administration', verbose_name='forvaltning'),
        ),
        migrations.AddField(
            model_name='administrationnameevent',
            name='administration',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='sikkerby.administration', verbose_name='forvaltning'),
        ),
        migrations.AddField(
            model_name='administrationnameevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to='sikkerby.administrationname'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='district',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sikkerby_districtevent" ("id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."id", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f8cde6be7306314393a24b081c3e9b0c00651240', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_31477', referencing='REFERENCING NEW TABLE AS new_values ', table='sikkerby_district', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='district',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sikkerby_districtevent" ("id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."id", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e8c4c1351284609e4601365f10e29ca08a715667', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_78ebe', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='sikkerby_district', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='district',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sikkerby_districtevent" ("id", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."id", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e1f6fe7688dc0f9a53f3486d2a52faadf65f686a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e2df4', referencing='REFERENCING OLD TABLE AS old_values ', table='sikkerby_district', when='AFTER')),
        ),
        migrations.AddField(
            model_name='districtevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to='sikkerby.district'),
        ),
        migrations.AddField(
            model_name='duty',
            name='administration',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='sikkerby.administration', verbose_name='forvaltning'),
        ),
        migrations.AddField(
            model_name='duty',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duties', to=settings.AUTH_USER_MODEL, verbose_name='bruger'),
        ),
        migrations.AddField(
            model_name='dutyevent',
            name='administration',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='sikkerby.administration', verbose_name='forvaltning'),
        ),
        migrations.AddField(
            model_name='dutyevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to='sikkerby.duty'),
        ),
        migrations.AddField(
            model_name='dutyevent',
            name='user',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='bruger'),
        ),
        migrations.AddField(
            model_name='storedfile',
            name='stored_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='gemt af'),
        ),
        migrations.AddField(
            model_name='submission',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='userevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', related_query_name='events', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='administrationname',
            constraint=models.CheckConstraint(condition=models.Q(('begins__isnull', True), ('ends__isnull', True), ('ends__gte', models.F('begins')), _connector='OR'), name='sikkerby_administrationname_ends_after_begins', violation_error_message='Slutdatoen ligger før startdatoen.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='administrationname',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sikkerby_administrationnameevent" ("abbreviation", "administration_id", "begins", "ends", "id", "is_alias", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."abbreviation", new_values."administration_id", new_values."begins", new_values."ends", new_values."id", new_values."is_alias", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6ce9634a3185bc33e254526179f5c41a8decc1db', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_c8c91', referencing='REFERENCING NEW TABLE AS new_values ', table='sikkerby_administrationname', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='administrationname',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sikkerby_administrationnameevent" ("abbreviation", "administration_id", "begins", "ends", "id", "is_alias", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."abbreviation", new_values."administration_id", new_values."begins", new_values."ends", new_values."id", new_values."is_alias", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='77a3c79a65fb0aa23bd0466b9b7708cd3f470bcd', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_7386f', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='sikkerby_administrationname', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='administrationname',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sikkerby_administrationnameevent" ("abbreviation", "administration_id", "begins", "ends", "id", "is_alias", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."abbreviation", old_values."administration_id", old_values."begins", old_values."ends", old_values."id", old_values."is_alias", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e7cc9de81a10206071430b40b28f2e5ea43d6854', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_f5418', referencing='REFERENCING OLD TABLE AS old_values ', table='sikkerby_administrationname', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.CheckConstraint(condition=models.Q(('begins__isnull', True), ('ends__isnull', True), ('ends__gte', models.F('begins')), _connector='OR'), name='sikkerby_duty_ends_after_begins', violation_error_message='Slutdatoen ligger før startdatoen.'),
        ),
        migrations.AddConstraint(
            model_name='duty',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('administration__isnull', False), ('kind__in', ['contributor', 'closure_contact'])), models.Q(('administration__isnull', True), ('kind__in', ['office', 'approver', 'administrator'])), _connector='OR'), name='sikkerby_duty_administration_fits_kind', violation_error_message='Forvaltningsmedarbejdere og kontaktpersoner skal have en forvaltning; de øvrige roller ingen.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='duty',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sikkerby_dutyevent" ("administration_id", "begins", "ends", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT new_values."administration_id", new_values."begins", new_values."ends", new_values."id", new_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='7a0d678de6972ab905794ff8631f1bcabea6eee0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_741f7', referencing='REFERENCING NEW TABLE AS new_values ', table='sikkerby_duty', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='duty',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sikkerby_dutyevent" ("administration_id", "begins", "ends", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT new_values."administration_id", new_values."begins", new_values."ends", new_values."id", new_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='868059b61b45503d19b90fe14cd4efe6a29eaf5d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_c9993', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='sikkerby_duty', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='duty',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sikkerby_dutyevent" ("administration_id", "begins", "ends", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT old_values."administration_id", old_values."begins", old_values."ends", old_values."id", old_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='6af2d219df2a418a7caf62ae52945d6f1294e524', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_ea984', referencing='REFERENCING OLD TABLE AS old_values ', table='sikkerby_duty', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='storedfile',
            constraint=models.CheckConstraint(condition=models.Q(('size__lte', 20971520)), name='sikkerby_storedfile_at_most_20_mb', violation_error_message='Filen fylder mere end 20 MB.'),
        ),
    ]
