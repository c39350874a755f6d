"""History is append-only, and a total without dates never stands beside dated rows of the same unit, year and kind."""

from django.db import migrations

from sikkerby.history import append_only

# Both sides are asked, so that neither can come second. A total without a unit is the whole city's. The name of the
# constraint is what closures.models shows as a message.
NOT_BESIDE_DATED_ROWS = """
CREATE FUNCTION closures_total_beside_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM new_rows AS total
        JOIN closures_closedhalfday AS half
          ON half.day >= make_date(total.year, 1, 1) AND half.day <= make_date(total.year, 12, 31)
         AND (total.institution_id IS NULL OR total.institution_id = half.institution_id)
        JOIN closures_closure AS closure ON closure.id = half.closure_id AND closure.kind = total.kind
    ) THEN
        RAISE EXCEPTION 'a total without dates beside dated rows'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closures_reportedtotal_not_beside_dated';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION closures_dated_beside_total() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM closures_reportedtotal) AND EXISTS (
        SELECT FROM new_rows AS half
        JOIN closures_closure AS closure ON closure.id = half.closure_id
        JOIN closures_reportedtotal AS total
          ON total.year = extract(year FROM half.day) AND total.kind = closure.kind
         AND (total.institution_id IS NULL OR total.institution_id = half.institution_id)
    ) THEN
        RAISE EXCEPTION 'dated rows beside a total without dates'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'closures_reportedtotal_not_beside_dated';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER not_beside_dated_on_insert AFTER INSERT ON closures_reportedtotal
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION closures_total_beside_dated();
CREATE TRIGGER not_beside_dated_on_update AFTER UPDATE ON closures_reportedtotal
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION closures_total_beside_dated();
CREATE TRIGGER not_beside_total AFTER INSERT ON closures_closedhalfday
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION closures_dated_beside_total();
"""
REVERSE = """
DROP FUNCTION closures_total_beside_dated() CASCADE;
DROP FUNCTION closures_dated_beside_total() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("closures", "0001_initial"), ("sikkerby", "0002_history")]
    operations = [append_only("closures"), migrations.RunSQL(NOT_BESIDE_DATED_ROWS, REVERSE)]
