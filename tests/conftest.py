"""The harness: strict where a mistake would otherwise be silent.

Tests run as sikkerby_app, the role that serves. A GET that writes fails; an undefined template variable fails.
"""

from types import SimpleNamespace

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.signals import setting_changed
from django.db import connection
from django.test import TransactionTestCase
from psycopg import sql
from pytest_django.plugin import blocking_manager_key

from tests import factories

READING_MAY_WRITE = ("sikkerby_accesslog",)
KEPT = ("django_migrations", "django_content_type", "auth_permission", "procrastinate_version")


def pytest_configure(config):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    # A model of django-post-office asks for its storage when it is imported, and with it come the old ones.
    setting_changed.send(sender=type(settings), setting="STORAGES", value=settings.STORAGES, enter=True)
    # Without WhiteNoise, which serves what collectstatic collected: the live server finds the sources itself.
    served = [each for each in settings.MIDDLEWARE if not each.startswith("whitenoise.")]
    settings.MIDDLEWARE = ["tests.conftest.reading_writes_nothing", *served]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # argon2 is slow on purpose
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0  # a served thread that ends leaves no connection behind
    settings.DEMO = False
    if hasattr(config, "workerinput"):
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = MIGRATED


def pytest_unconfigure(config):
    if config.pluginmanager.has_plugin("dsession"):  # this process started the workers
        drop_database(MIGRATED)


def reading_writes_nothing(get_response):
    """Middleware: an insert, update or delete while a GET is answered is a defect (but for the access log)."""

    def watched(request):
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        with connection.execute_wrapper(_refuse_writes):
            return get_response(request)

    return watched


def _refuse_writes(execute, sql, params, many, context):
    words = str(sql).split(maxsplit=3)
    if words and words[0].upper() in ("INSERT", "UPDATE", "DELETE"):
        assert any(table in str(sql) for table in READING_MAY_WRITE), f"a GET wrote: {sql}"
    return execute(sql, params, many, context)


# --- The database: made by its owner, used by the serving role ----------------------------------------------------

MIGRATED = "test_sikkerby_migrated"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config):
    """Migrate once for all workers, which begin with copies: at the same time they would take twice as long."""
    copy_database(MIGRATED, like="template1")
    served = connection.settings_dict["NAME"]
    with config.stash[blocking_manager_key].unblock():
        connection.settings_dict["NAME"] = MIGRATED
        call_command("migrate", verbosity=0)
        connection.settings_dict["NAME"] = served


def copy_database(name: str, *, like: str) -> None:
    """In the place of what had that name. Nobody may be connected to either."""
    names = {"name": sql.Identifier(name), "like": sql.Identifier(like)}
    with connect_as_owner(settings.OWNER_DATABASE["NAME"]) as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {name}").format(**names))
        owner.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {like}").format(**names))


def drop_database(name: str) -> None:
    with connect_as_owner(settings.OWNER_DATABASE["NAME"]) as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def owner_settings() -> dict:
    return {key: settings.OWNER_DATABASE[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Before the test database is made."""
    serving = {key: connection.settings_dict[key] for key in owner_settings()}
    connection.settings_dict.update(owner_settings())
    return serving


@pytest.fixture(scope="session")
def django_db_setup(django_db_modify_db_settings, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(django_db_modify_db_settings)
        yield
        leave_database()
        connection.settings_dict.update(owner_settings())


def leave_database() -> None:
    """So that it can be dropped or copied. A thread that served a browser can leave its connection behind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )
    connection.close()


def connect_as_owner(name: str | None = None) -> psycopg.Connection:
    """The role that owns the tables, on the test database or another one; commits at once."""
    owner = settings.OWNER_DATABASE
    return psycopg.connect(
        dbname=name or connection.settings_dict["NAME"],
        user=owner["USER"],
        password=owner["PASSWORD"] or None,
        host=owner["HOST"] or None,
        port=owner["PORT"] or None,
        autocommit=True,
    )


def empty_tables(self=None) -> None:
    """After a test that commits. The serving role cannot TRUNCATE, and issued documents refuse it even to the owner."""
    with connect_as_owner() as owner, owner.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = ", ".join(f'"{name}"' for (name,) in cursor.fetchall() if name not in KEPT)
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 32 > 0"
        )
        guarded = [name for (name,) in cursor.fetchall()]
        for name in guarded:
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        for name in guarded:
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")


@pytest.fixture(scope="session", autouse=True)
def _empty_as_owner():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables)
        yield


# --- The cast that every test knows -------------------------------------------------------------------------------


@pytest.fixture
def cast(db) -> SimpleNamespace:
    """One person of each role, and an outsider of most; two administrations, two districts, two committees."""
    return factories.make_cast()
