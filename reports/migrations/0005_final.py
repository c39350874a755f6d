"""What is recorded for good stays as it was recorded: decisions, what is added to them, the register's entries, the
checks of the chains, journalisations, and barrings once they are in force. See 0002_frozen."""

from django.db import migrations

from sikkerby.history import append_only

FINAL = ("decision", "decisionaddendum", "registerentry", "chaincheck", "journalisation")

TABLES = "\n".join(
    f"""
CREATE TRIGGER is_final BEFORE UPDATE OR DELETE ON reports_{name}
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_change_of_record();
CREATE TRIGGER is_final_as_a_whole BEFORE TRUNCATE ON reports_{name}
    FOR EACH STATEMENT EXECUTE FUNCTION reports_refuse_change_of_record();
REVOKE UPDATE, DELETE ON reports_{name} FROM sikkerby_app;
"""
    for name in FINAL
)
RECORDS = f"""
CREATE FUNCTION reports_refuse_change_of_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Det, der er ført til protokol, kan ikke ændres eller slettes. Lav en tilføjelse.'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'reports_record_is_final';
END $$;
{TABLES}
CREATE FUNCTION reports_keep_barring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.confirmed_at IS NOT NULL THEN
        RAISE EXCEPTION 'Spærringen er trådt i kraft og kan ikke ændres.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'reports_barring_is_final';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER is_final BEFORE UPDATE OR DELETE ON reports_barring
    FOR EACH ROW EXECUTE FUNCTION reports_keep_barring();
"""
RECORDS_BACK = (
    "DROP FUNCTION reports_keep_barring() CASCADE; DROP FUNCTION reports_refuse_change_of_record() CASCADE;"
    + "".join(f"GRANT UPDATE, DELETE ON reports_{name} TO sikkerby_app;" for name in FINAL)
)

# Who may read a closed appendix is settled when the note is issued.
APPENDICES = """
CREATE FUNCTION reports_keep_readers_of_issued_appendix() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_refuse_change_of_issued(appendix.note_id) FROM reports_appendix AS appendix
        WHERE appendix.id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.appendix_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.appendix_id END
        );
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER is_final BEFORE INSERT OR UPDATE OR DELETE ON reports_appendix_closed_to
    FOR EACH ROW EXECUTE FUNCTION reports_keep_readers_of_issued_appendix();
"""
APPENDICES_BACK = "DROP FUNCTION reports_keep_readers_of_issued_appendix() CASCADE;"

# An item stands on a meeting of its own committee.
AGENDA = """
CREATE FUNCTION reports_item_is_its_committees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.meeting_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM reports_meeting WHERE id = NEW.meeting_id AND committee_id = NEW.committee_id
    ) THEN
        RAISE EXCEPTION 'Mødet er et andet udvalgs.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reports_agendaitem_own_meeting';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER own_meeting BEFORE INSERT OR UPDATE ON reports_agendaitem
    FOR EACH ROW EXECUTE FUNCTION reports_item_is_its_committees();
"""
AGENDA_BACK = "DROP FUNCTION reports_item_is_its_committees() CASCADE;"

# Decisions from before there was a register have no entry in it; they get the name that the committee has today.
NAMES = """
UPDATE reports_decision AS decision SET committee_name = committee.name
FROM reports_committee AS committee WHERE committee.id = decision.committee_id
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_in_full")]
    operations = [
        append_only("reports"),
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
        migrations.RunSQL(RECORDS, RECORDS_BACK),
        migrations.RunSQL(APPENDICES, APPENDICES_BACK),
        migrations.RunSQL(AGENDA, AGENDA_BACK),
    ]
