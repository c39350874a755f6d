"""What the serving role may, and may not, in the database."""

import pghistory.models
import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from sikkerby.models import AccessLog, AccessLogReading, District


def privileges(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS name"
            " WHERE has_table_privilege(%s, name)",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}


HISTORY = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]


def test_tests_run_as_the_serving_role(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("sikkerby_app", False, False, False)


def test_every_room_keeps_history():
    assert {model._meta.app_label for model in HISTORY} == {
        "sikkerby",
        "closures",
        "initiatives",
        "catalogue",
        "reports",
    }


@pytest.mark.parametrize("model", HISTORY, ids=lambda model: model._meta.label)
def test_history_is_append_only(db, model):
    assert privileges(model._meta.db_table) == {"SELECT", "INSERT"}


@pytest.mark.parametrize("model", [AccessLog, AccessLogReading], ids=lambda model: model._meta.label)
def test_log_is_append_only(db, model):
    assert privileges(model._meta.db_table) == {"SELECT", "INSERT"}


@pytest.mark.parametrize(
    "model",
    [model for model in apps.get_models() if model not in HISTORY and model._meta.app_label not in ("pghistory",)],
    ids=lambda model: model._meta.label,
)
def test_no_table_can_be_truncated_or_given_triggers(db, model):
    assert not privileges(model._meta.db_table) & {"TRUNCATE", "TRIGGER"}


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE sikkerby_district CASCADE",
        "ALTER TABLE sikkerby_district ADD COLUMN x int",
        "DROP TABLE sikkerby_district",
        "CREATE TABLE mine (x int)",
        "SET session_replication_role = replica",
        "SET ROLE sikkerby_owner",
        "DELETE FROM django_migrations",
    ],
)
def test_serving_role_is_refused(db, statement):
    District.objects.create(name="Valby")
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert District.objects.count() == 1
