"""PDF files that people bring: what must hold of one before it is attached to a note for good."""

import io
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import PurePath

import pikepdf
from django.core.exceptions import ValidationError

from .pdf import Limits, answer_of, keep_within

LIMITS = Limits(seconds=15, memory=700 << 20)  # a scanned report of 20 MB takes a tenth of both
MOST_OBJECTS = 200_000  # looking at each takes some 5 µs; a page of a scanned report has ten
DOES_SOMETHING = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToR", "/GoToE", "/Rendition"}
HARMLESS = {".csv", ".json", ".pdf", ".txt", ".xml"}  # files inside a file: the data behind a figure

SAVE_AGAIN = "Åbn den, gem den som PDF igen, og vælg den nye fil."


def check_pdf(body: bytes) -> None:
    """Refuse what cannot be put together with a note, nor read in ten years: what is locked or damaged, and what does
    more than be read."""
    if b"%PDF-" not in body[:1024]:
        raise ValidationError("Filen er ikke en PDF-fil, selv om navnet siger det. Gem dokumentet som PDF igen.")
    answer = answer_of(_look, body, limits=LIMITS)
    if problem := answer[1:].decode() if answer else TOO_MUCH:
        raise ValidationError(problem)


def _look(answer: Connection, body: bytes, limits: Limits) -> None:
    """In a process of its own: a small file can unfold to more than the server has room for."""
    keep_within(limits)
    try:
        with pikepdf.open(io.BytesIO(body), suppress_warnings=True) as pdf:
            problem = next(_problems(pdf), "")
    except pikepdf.PasswordError:
        problem = LOCKED
    except pikepdf.PdfError:
        problem = DAMAGED
    except MemoryError:
        problem = TOO_MUCH
    answer.send_bytes(b"+" + problem.encode())


LOCKED = "PDF-filen er låst med en adgangskode eller kryptering. Gem den uden, og vælg den nye fil."
DAMAGED = f"PDF-filen er beskadiget. {SAVE_AGAIN}"
TOO_MUCH = f"PDF-filen er for indviklet til at blive lagt ved. {SAVE_AGAIN}"


def _problems(pdf: pikepdf.Pdf) -> Iterator[str]:
    if pdf.is_encrypted:
        yield LOCKED
    if not len(pdf.pages) or pdf.get_warnings():
        yield DAMAGED
    if len(pdf.objects) > MOST_OBJECTS:
        yield TOO_MUCH
    for each in _dictionaries(pdf):
        if each.get("/S") in DOES_SOMETHING or "/JS" in each or "/XFA" in each:
            yield (
                "PDF-filen indeholder programkode eller noget, der åbner andre filer. Udskriv den som en ny PDF-fil, "
                "og vælg den."
            )
        if "/EF" in each and PurePath(name := _name_of(each)).suffix.lower() not in HARMLESS:
            yield (
                f"Der ligger en fil inde i PDF-filen (»{name[:80]}«). Den kan ikke lægges ved. Gem dokumentet uden "
                "den, og læg den ved som et bilag for sig."
            )


def _name_of(file: pikepdf.Object) -> str:
    """Of a file inside: one that hangs on a note in the margin is in no list."""
    return str(file.get("/UF") or file.get("/F") or "uden navn")


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary in the file, also those that lie directly in another or in an array."""
    waiting = list(pdf.objects)
    while waiting:
        each = waiting.pop()
        if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            yield each
            children = [value for _, value in each.items()]
        elif isinstance(each, pikepdf.Array):
            children = list(each)
        else:
            continue
        waiting += [
            child
            for child in children
            if isinstance(child, pikepdf.Dictionary | pikepdf.Array) and not child.is_indirect
        ]
