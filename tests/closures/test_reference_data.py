"""Totals without dates, kept by the system administrator in the administration pages."""

from datetime import date

import pytest

from closures.models import ReportedTotal
from tests.factories import make_closure

pytestmark = pytest.mark.django_db


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
    assert client.get("/administration/closures/reportedtotal/").status_code == 403


def test_shared_calendars_are_the_office_s_and_not_there(client, cast):
    client.force_login(cast.administrator)
    assert client.get("/administration/closures/sharedcalendar/").status_code == 404
