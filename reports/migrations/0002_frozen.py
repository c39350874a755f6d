"""What is issued is final. History is append-only, and so is a note's way to being issued.

These triggers are our own: `SET pgtrigger.ignore` switches off those that pgtrigger makes, and it makes none against
TRUNCATE. The serving role does not own the tables, so it can neither drop nor disable them; the owner can, and what is
then changed is found by `manage.py check_documents`.
"""

from django.db import migrations

from sikkerby.history import append_only

DOCUMENTS = """
REVOKE UPDATE, DELETE ON reports_issueddocument FROM sikkerby_app;

CREATE FUNCTION reports_refuse_change_of_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Et udsendt dokument kan ikke ændres eller slettes.'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'reports_issueddocument_is_final';
END $$;
CREATE TRIGGER is_final BEFORE UPDATE OR DELETE ON reports_issueddocument
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_change_of_document();
CREATE TRIGGER is_final_as_a_whole BEFORE TRUNCATE ON reports_issueddocument
    FOR EACH STATEMENT EXECUTE FUNCTION reports_refuse_change_of_document();
"""
DOCUMENTS_BACK = """
DROP FUNCTION reports_refuse_change_of_document() CASCADE;
GRANT UPDATE, DELETE ON reports_issueddocument TO sikkerby_app;
"""

# A note can be issued while another session changes a part of it. FOR SHARE makes the second wait for the first and
# then see what it did.
NOTES = """
CREATE FUNCTION reports_refuse_change_of_issued(note bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    SELECT status INTO found FROM reports_note WHERE id = note FOR SHARE;
    IF found = 'issued' THEN
        RAISE EXCEPTION 'Notatet er udsendt og kan ikke ændres.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'reports_note_is_final';
    END IF;
END $$;

CREATE FUNCTION reports_keep_issued_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'issued' THEN
        RAISE EXCEPTION 'Notatet er udsendt og kan ikke ændres.'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'reports_note_is_final';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER is_final BEFORE UPDATE OR DELETE ON reports_note
    FOR EACH ROW EXECUTE FUNCTION reports_keep_issued_note();

CREATE FUNCTION reports_keep_part_of_issued_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM reports_refuse_change_of_issued(OLD.note_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM reports_refuse_change_of_issued(NEW.note_id);
        RETURN NEW;
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER is_final BEFORE INSERT OR UPDATE OR DELETE ON reports_section
    FOR EACH ROW EXECUTE FUNCTION reports_keep_part_of_issued_note();
CREATE TRIGGER is_final BEFORE INSERT OR UPDATE OR DELETE ON reports_recommendation
    FOR EACH ROW EXECUTE FUNCTION reports_keep_part_of_issued_note();
CREATE TRIGGER is_final BEFORE INSERT OR UPDATE OR DELETE ON reports_appendix
    FOR EACH ROW EXECUTE FUNCTION reports_keep_part_of_issued_note();
CREATE TRIGGER is_final BEFORE UPDATE OR DELETE ON reports_notestep
    FOR EACH ROW EXECUTE FUNCTION reports_keep_part_of_issued_note();
REVOKE UPDATE ON reports_notestep FROM sikkerby_app;

CREATE FUNCTION reports_keep_choice_of_issued_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_refuse_change_of_issued(section.note_id) FROM reports_section AS section
        WHERE section.id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.section_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.section_id END
        );
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER is_final BEFORE INSERT OR UPDATE OR DELETE ON reports_section_initiatives
    FOR EACH ROW EXECUTE FUNCTION reports_keep_choice_of_issued_note();

CREATE FUNCTION reports_keep_file_of_issued_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_refuse_change_of_issued(appendix.note_id) FROM reports_appendix AS appendix
        WHERE appendix.file_id = OLD.id;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER reports_is_final BEFORE UPDATE OR DELETE ON sikkerby_storedfile
    FOR EACH ROW EXECUTE FUNCTION reports_keep_file_of_issued_note();
"""
NOTES_BACK = """
DROP FUNCTION reports_keep_file_of_issued_note() CASCADE;
DROP FUNCTION reports_keep_choice_of_issued_note() CASCADE;
DROP FUNCTION reports_keep_part_of_issued_note() CASCADE;
DROP FUNCTION reports_keep_issued_note() CASCADE;
DROP FUNCTION reports_refuse_change_of_issued(bigint) CASCADE;
GRANT UPDATE ON reports_notestep TO sikkerby_app;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("sikkerby", "0002_history")]
    operations = [
        append_only("reports"),
        migrations.RunSQL(DOCUMENTS, DOCUMENTS_BACK),
        migrations.RunSQL(NOTES, NOTES_BACK),
    ]
