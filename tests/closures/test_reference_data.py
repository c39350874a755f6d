"""Shared calendars and totals without dates, kept by the system administrator in the administration pages."""

from datetime import date

import pytest

from closures.models import PlannedClosing, ReportedTotal, SharedCalendar
from tests.factories import make_closure

pytestmark = pytest.mark.django_db


def calendar_form(**fields):
    return {
        "name": "Skolernes ferier",
        "kinds": ["school", "day_care"],
        "closings-TOTAL_FORMS": "1",
        "closings-INITIAL_FORMS": "0",
        "closings-0-first_day": "12-10-2026",
        "closings-0-last_day": "16-10-2026",
        "closings-0-reason": "efterårsferie",
    } | fields


def test_a_calendar_is_kept_with_its_closings(client, cast):
    client.force_login(cast.administrator)
    response = client.post("/administration/closures/sharedcalendar/add/", calendar_form())
    assert response.status_code == 302
    assert SharedCalendar.objects.get().kinds == ["school", "day_care"]
    closing = PlannedClosing.objects.get()
    assert (closing.first_day, closing.last_day) == (date(2026, 10, 12), date(2026, 10, 16))
    page = client.get("/administration/closures/sharedcalendar/").content.decode()
    assert "skole, daginstitution" in page


def test_a_calendar_s_closing_with_reversed_dates_is_refused(client, cast):
    client.force_login(cast.administrator)
    response = client.post(
        "/administration/closures/sharedcalendar/add/", calendar_form(**{"closings-0-last_day": "01-10-2026"})
    )
    assert response.status_code == 200
    assert "Sidste dag ligger før første dag." in response.content.decode()
    assert not SharedCalendar.objects.exists()


def test_a_total_beside_dated_closures_is_refused_in_words(client, cast):
    make_closure(institution=cast.school, first_day=date(2013, 3, 4))
    client.force_login(cast.administrator)
    form = {"year": "2013", "kind": "disruption", "half_days": "40", "source": "Brev"}
    response = client.post("/administration/closures/reportedtotal/add/", form)
    assert response.status_code == 200
    assert "ville de tælle to gange" in response.content.decode()
    assert client.post("/administration/closures/reportedtotal/add/", form | {"year": "2014"}).status_code == 302
    assert ReportedTotal.objects.get().year == 2014


def test_reference_data_is_the_administrator_s(client, cast):
    client.force_login(cast.office)
    assert client.get("/administration/closures/sharedcalendar/").status_code == 403
