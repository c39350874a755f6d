"""A sheet's way in: received, checked, and then saved whole or not at all. Large ones are jobs (closures/tasks.py)."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

import pghistory
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from sikkerby.middleware import Conflict
from sikkerby.models import StoredFile, User

from ..models import (
    AnnualReturn,
    ClosedHalfDay,
    Closure,
    ClosureStep,
    Import,
    Institution,
    ReportedTotal,
    YearlyAccount,
)
from ..models.importing import WORK_LOCKS
from . import checking
from .checking import Plan, day_and_half
from .reading import Refused, Sheet, open_sheet
from .rows import Row, RowReader

AT_ONCE = 2000  # rows; what has more is a job
UNSAVED_LIVES = timedelta(days=30)


def is_small(content: bytes) -> bool:
    """Whether the sheet is checked and saved while one waits. Refused when it is none."""
    return len(list(islice(open_sheet(content).rows, AT_ONCE + 1))) <= AT_ONCE


@transaction.atomic
def receive(*, file: UploadedFile, small: bool, reviewed: bool, by: User, today: date) -> Import:
    """Keep the file, and check it: now, or as a job."""
    stored = StoredFile.objects.store(
        name=file.name, content_type=file.content_type or "application/octet-stream", content=file.read(), by=by
    )
    import_ = Import.objects.create(file=stored, reviewed=reviewed, imported_by=by)
    if small:
        check(import_, today=today)
    else:
        _defer("check_import", import_)
    return import_


@transaction.atomic
def ask_to_save(import_: Import, *, by: User, today: date) -> bool:
    """Save it: now, or as a job. False when the register has changed, and there is something new to look at.

    The import's row is held by the caller, so that of two who ask at once, one does.
    """
    if import_.status != Import.Status.READY or not import_.new:
        raise Conflict("Der er intet at gemme: Arket er ikke klar, eller alle rækker findes allerede.")
    if import_.rows <= AT_ONCE:
        return save(import_, by=by, today=today)
    import_.begin(Import.Status.SAVING)
    _defer("save_import", import_, by_id=by.pk)
    return True


@transaction.atomic
def try_again(import_: Import) -> None:
    """The worker died while it was at it. Nothing of it was saved, so it begins with the check."""
    if not import_.is_interrupted:
        raise Conflict("Arket er ved at blive behandlet, eller det er færdigt. Genindlæs siden.")
    import_.begin(Import.Status.CHECKING)
    _defer("check_import", import_)


@transaction.atomic
def discard(import_: Import) -> None:
    """Throw a sheet away that was not saved, with its file."""
    if import_.status == Import.Status.SAVED:
        raise Conflict("Arket er gemt. Det bliver stående, så man kan se, hvor lukningerne kommer fra.")
    if import_.status in Import.UNDER_WAY and not import_.is_interrupted:
        raise Conflict("Arket er ved at blive behandlet. Vent, til det er færdigt.")
    file = import_.file
    import_.delete()
    file.delete()


def discard_old(now: datetime) -> None:
    """Those that were not saved within a month. One that a worker has is left to it."""
    for import_ in Import.objects.exclude(status=Import.Status.SAVED).filter(imported_at__lt=now - UNSAVED_LIVES):
        if import_.status not in Import.UNDER_WAY or import_.is_interrupted:
            discard(import_)


def _defer(name: str, import_: Import, **arguments) -> None:
    app.configure_task(f"closures.tasks.{name}").defer(import_id=import_.pk, **arguments)


# --- Checking -----------------------------------------------------------------------------------------------------


def _nobody(done: int, rows: int) -> None:
    """Who does it while one waits tells nobody how far it is."""


def check(import_: Import, *, today: date, tell: Callable[[int, int], None] = _nobody) -> None:
    """Say of each row what it would do. Changes nothing but the import itself."""
    try:
        sheet, rows, given = _read(import_, today)
        tell(0, len(rows))
        plan = checking.plan(rows, given, today=today, tell=lambda done: tell(done, len(rows)))
    except Refused as refusal:
        import_.refuse(str(refusal))
    else:
        import_.show(_verdicts(sheet, plan), rows=len(plan.rows))


def _read(import_: Import, today: date) -> tuple[Sheet, list[Row], set[str]]:
    sheet = open_sheet(bytes(import_.file.content))
    reader = RowReader(sheet, today=today)
    rows = [reader.read(number, cells) for number, cells in sheet.rows]
    if not rows:
        raise Refused("Arket har kolonneoverskrifter, men ingen rækker under dem.")
    return sheet, rows, reader.given


def _verdicts(sheet: Sheet, plan: Plan) -> dict:
    return {"said": sheet.said, **plan.verdicts()}


# --- Saving -------------------------------------------------------------------------------------------------------


class _Changed(Exception):
    """The register is not what it was when the sheet was checked."""


def save(import_: Import, *, by: User, today: date, tell: Callable[[int, int], None] = _nobody) -> bool:
    """All of it in one transaction, checked again under the locks of its institutions and years. When anything has
    changed since it was shown, nothing is saved, what is said of the rows is new, and the answer is False."""
    try:
        with transaction.atomic():
            _save(import_, by=by, today=today, tell=tell)
            import_.become_saved()
    except _Changed as changed:
        sheet, plan = changed.args
        import_.show(_verdicts(sheet, plan), rows=len(plan.rows), changed=True)
        return False
    except IntegrityError:  # someone stored a total without dates beside it, which no lock of ours keeps out
        check(import_, today=today)
        return False
    return True


def _save(import_: Import, *, by: User, today: date, tell: Callable[[int, int], None]) -> None:
    sheet, rows, given = _read(import_, today)
    count = len(rows)
    units = {row.institution for row in rows if row.institution}
    Institution.objects.filter(pk__in=units).lock_all()
    YearlyAccount.objects.hold({year for row in rows if not row.errors for year in row.years(today)})
    plan = checking.plan(rows, given, today=today, tell=lambda done: tell(done // 3, count))
    if plan.digest != import_.digest:
        raise _Changed(sheet, plan)
    tell(count // 3, count)
    with connection.cursor() as cursor:
        # The copies below pass Django by. Through it, so that the history says who is acting (pghistory).
        cursor.execute("DO 'BEGIN END'")
    at = timezone.now()
    closures = plan.closures
    ids = _store_closures(closures, reviewed=import_.reviewed, by=by, at=at)
    tell(count // 2, count)
    _store_half_days(closures, ids)
    tell(count * 4 // 5, count)
    _store_steps(closures, ids, import_, by=by, at=at)
    _store_totals(plan.totals)
    _refute(closures)


_NULL = "\\N"
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_AT_A_TIME = 2000  # lines


@contextmanager
def _copy(table: type, columns: Iterable[str]) -> Iterator[Callable[[str], None]]:
    """Lines of cells straight into a table. Its triggers and constraints see them as they see all others."""
    names = ", ".join(f'"{each}"' for each in columns)
    waiting: list[str] = []
    with connection.connection.cursor() as cursor:
        with cursor.copy(f'COPY "{table._meta.db_table}" ({names}) FROM STDIN') as copy:

            def write(line: str) -> None:
                waiting.append(line)
                if len(waiting) == _AT_A_TIME:
                    copy.write("".join(waiting))
                    waiting.clear()

            yield write
            copy.write("".join(waiting))


def _cells(*values) -> str:
    """Values as COPY reads them."""
    return "\t".join([_cell(each) for each in values])


def _cell(value) -> str:
    match value:
        case str():
            return value.translate(_ESCAPED)
        case None:
            return _NULL
        case bool():
            return "t" if value else "f"
        case list():  # of words of ours, which need no quotes
            return f"{{{','.join(value)}}}"
        case _:
            return str(value)


def _defaults(table: type, **fields) -> dict:
    """Every column but the id, by its default, and these."""
    columns = [each for each in table._meta.concrete_fields if not each.generated and not each.primary_key]
    return {each.column: each.get_default() for each in columns} | fields


def _store_closures(rows: list[Row], *, reviewed: bool, by: User, at) -> list[int]:
    """As Closure.objects.register stores one, and as `review` leaves it. Their ids, in the order of the rows."""
    with connection.cursor() as cursor:
        sequence = "pg_get_serial_sequence('closures_closure', 'id')"
        cursor.execute(f"SELECT nextval({sequence}) FROM generate_series(1, %s)", [len(rows)])
        ids = [pk for (pk,) in cursor]
    varying = (
        *("id", "institution_id", "first_day", "last_day", "half_days"),
        *("kind", "scope", "first_part", "last_part", "cause", "measures", "reference", "account"),
        *("status", "reviewed_by_id", "reviewed_at"),
    )
    awaiting = _cells(Closure.Status.AWAITING.value, None, None)
    was_reviewed = _cells(Closure.Status.REVIEWED.value, by.pk, at)
    defaults = _defaults(Closure, registered_by_id=by.pk, registered_at=at)
    common = {name: value for name, value in defaults.items() if name not in varying}
    ends = _cells(*common.values())
    with _copy(Closure, [*varying, *common]) as copy:
        for pk, row in zip(ids, rows, strict=True):
            said = _cells(row.kind, row.scope, row.first_part, row.last_part, row.cause, row.measures)
            texts = _cells(row.reference, row.account)
            state = was_reviewed if _is_reviewed(row, reviewed) else awaiting
            days = f"{row.first_day}\t{row.last_day or _NULL}\t{len(row.taken)}"
            copy(f"{pk}\t{row.institution}\t{days}\t{said}\t{texts}\t{state}\t{ends}\n")
    return ids


def _is_reviewed(row: Row, reviewed: bool) -> bool:
    """As its row says; else as was said of the sheet. Until further notice, none is."""
    if row.last_day is None:
        return False
    return row.status == Closure.Status.REVIEWED or not row.status and reviewed


def _store_half_days(rows: list[Row], ids: list[int]) -> None:
    days: dict[int, str] = {}
    with _copy(ClosedHalfDay, ("closure_id", "institution_id", "day", "half")) as copy:
        for pk, row in zip(ids, rows, strict=True):
            begins, unit = f"{pk}\t{row.institution}\t", row.institution * checking.UNIT
            for taken in row.taken:
                if (when := days.get(taken - unit)) is None:
                    day, half = day_and_half(taken)
                    when = days[taken - unit] = f"{day}\t{half}\n"
                copy(begins + when)


def _store_steps(rows: list[Row], ids: list[int], import_: Import, *, by: User, at) -> None:
    """As Closure.record, but that nobody gets a mail."""
    closed = set(YearlyAccount.objects.closed().values_list("year", flat=True))
    varying = ("closure_id", "act", "text", "closed_years")
    defaults = _defaults(ClosureStep, at=at, by_id=by.pk, changes="[]")
    common = {name: value for name, value in defaults.items() if name not in varying}
    ends, name = _cells(*common.values()), _cells(import_.file.name)
    imported, reviewed = ClosureStep.Act.IMPORTED.value, ClosureStep.Act.REVIEWED.value
    with _copy(ClosureStep, [*varying, *common]) as copy:
        for pk, row in zip(ids, rows, strict=True):
            moved = f"{{{','.join(map(str, sorted(closed.intersection(row.years(row.first_day)))))}}}"
            copy(f"{pk}\t{imported}\tRække {row.number} i »{name}«.\t{moved}\t{ends}\n")
            if _is_reviewed(row, import_.reviewed):
                copy(f"{pk}\t{reviewed}\t\t{moved}\t{ends}\n")


def _store_totals(rows: list[Row]) -> None:
    ReportedTotal.objects.bulk_create(
        ReportedTotal(
            year=row.year,
            month=row.month,
            institution_id=row.institution,
            kind=row.kind,
            half_days=row.half_days,
            units=row.units,
            source=row.source,
        )
        for row in rows
    )


def _refute(rows: list[Row]) -> None:
    """Who answered that there were none is asked again."""
    units = {row.institution for row in rows}
    nil = AnnualReturn.objects.filter(answer=AnnualReturn.Answer.NONE, institution__in=units).order_by("pk")
    denied = dict.fromkeys(nil.values_list("institution", "year"))
    if denied:
        taken = {(row.institution, day_and_half(each).day.year) for row in rows for each in row.taken}
        for institution, year in denied:
            if (institution, year) in taken:
                AnnualReturn.objects.refuted(institution, [year])


# --- As a job -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Work:
    """Someone at work on an import, in a job."""

    tell: Callable[[int, int], None]


@contextmanager
def at_work(import_: Import) -> Iterator[Work | None]:
    """For a job: how far it is is told on a connection of its own, for all that it does is one transaction. That
    connection also holds a lock, by which the page sees that someone is still at it (Import.is_interrupted): it ends
    with the worker, however that ends. None when another worker has it."""
    beside = connection.copy()

    def tell(done: int, rows: int) -> None:
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE closures_import SET done = %s, rows = %s WHERE id = %s", [min(done, rows), rows, import_.pk]
            )

    try:
        with beside.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [WORK_LOCKS, import_.pk])
            is_ours = cursor.fetchone()[0]
        yield Work(tell=tell) if is_ours else None
    finally:
        beside.close()


def check_in_job(pk: int, *, today: date) -> None:
    import_ = Import.objects.get(pk=pk)
    with at_work(import_) as work, pghistory.context(user=import_.imported_by_id, url=import_.get_absolute_url()):
        if work and import_.is_now(Import.Status.CHECKING):
            check(import_, today=today, tell=work.tell)


def save_in_job(pk: int, *, by: User, today: date) -> None:
    import_ = Import.objects.get(pk=pk)
    with at_work(import_) as work, pghistory.context(user=by.pk, url=import_.get_absolute_url()):
        if work and import_.is_now(Import.Status.SAVING):
            save(import_, by=by, today=today, tell=work.tell)
