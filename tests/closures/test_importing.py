"""A sheet of closures on its way into the register: what is said of its rows, and what is saved."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from closures.models import ClosedHalfDay, Closure, ClosureStep, Import

pytestmark = pytest.mark.django_db
NOW = "2026-11-18 10:00 +0100"  # a Wednesday
HEAD = "Institution;Art;Hvor var uroen;Første dag;Sidste dag;Årsag"
ROW = "Skolen ved Søen;driftsforstyrrelse;uro i området;02-11-2026;03-11-2026;uro"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office(client, cast):
    client.force_login(cast.office)
    client.cast = cast
    return client


def sheet(*rows: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *rows, ""]).encode("utf-8-sig")


def send(office, content: bytes, *, name: str = "lukninger.csv", **fields) -> Import:
    form = office.get(reverse("closures:imports")).context["form"]
    sent = {"file": SimpleUploadedFile(name, content), "key": str(form["key"].value()), **fields}
    response = office.post(reverse("closures:imports"), sent)
    assert response.status_code == 302, response.context["form"].errors
    return Import.objects.latest("pk")


def page_of(office, sent: Import, query: str = "") -> str:
    return " ".join(office.get(sent.get_absolute_url() + query).content.decode().split())


def save(office, sent: Import) -> Import:
    assert office.post(reverse("closures:import_save", args=[sent.pk])).status_code == 302
    sent.refresh_from_db()
    return sent


def test_a_sheet_is_shown_before_it_is_saved_and_then_saved_whole(office):
    sent = send(office, sheet(ROW, "Aftenklubben;pædagogisk;uro på institutionen;04-11-2026;04-11-2026;andet"))
    assert sent.status == "ready"
    assert not Closure.objects.exists()
    assert "2 nye rækker med 3,0 ikke-planlagte lukkedage" in page_of(office, sent)
    assert save(office, sent).status == "saved"
    closure = Closure.objects.get(institution=office.cast.school)
    assert (closure.kind, closure.scope, closure.cause, closure.half_days) == ("disruption", "area", "unrest", 4)
    assert (closure.first_day, closure.last_day) == (date(2026, 11, 2), date(2026, 11, 3))
    assert closure.status == "awaiting_review"
    assert closure.registered_by == office.cast.office
    assert ClosedHalfDay.objects.count() == 6
    (step,) = closure.steps.all()
    assert (step.act, step.by, step.text) == ("imported", office.cast.office, "Række 2 i »lukninger.csv«.")
    (event,) = closure.events.all()
    assert event.pgh_context["user"] == office.cast.office.pk


def test_the_same_sheet_again_changes_nothing(office):
    save(office, send(office, sheet(ROW)))
    again = send(office, sheet(ROW))
    assert again.status == "ready"
    assert again.verdicts["counts"] == {"error": 0, "new": 0, "exists": 1}
    assert office.post(reverse("closures:import_save", args=[again.pk])).status_code == 409
    assert Closure.objects.count() == 1
    assert ClosureStep.objects.count() == 1
