"""The access log: read with a stated reason, by the administrator alone, and the reading is itself in it."""

import uuid
from datetime import datetime

import pytest
from django.utils import timezone

from sikkerby.models import AccessLog, AccessLogReading


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def fetched(user, what, *moment) -> AccessLog:
    at = timezone.make_aware(datetime(*moment)) if moment else timezone.now()  # noqa: DTZ001
    return AccessLog.objects.create(user=user, what=what, at=at)


def read(client, user, **data):
    client.force_login(user)
    return client.post("/adgangslog/", {"key": str(uuid.uuid4()), "because": "Klage, sag 2026-0001234", **data})


def test_the_log_is_read_with_a_reason_and_the_reading_is_logged(client, cast):
    fetched(cast.member, "Notat 17: Statusnotat.pdf")
    answer = read(client, cast.administrator)
    reading = AccessLogReading.objects.get()
    assert (reading.by, reading.because) == (cast.administrator, "Klage, sag 2026-0001234")
    page = text(client.get(answer.url))
    assert "Notat 17: Statusnotat.pdf" in page
    assert cast.member.name in page
    assert AccessLog.objects.filter(user=cast.administrator, what__startswith="Adgangsloggen: ").count() == 1
    client.get(answer.url)
    assert AccessLog.objects.filter(user=cast.administrator).count() == 2
    assert "Klage, sag 2026-0001234" in text(client.get("/adgangslog/"))


def test_without_a_reason_nothing_is_shown(client, cast):
    fetched(cast.member, "Notat 17: Statusnotat.pdf")
    answer = read(client, cast.administrator, because="  ", document="Notat 17")
    assert answer.status_code == 422
    assert "Feltet skal udfyldes." in text(answer)
    assert "Statusnotat.pdf" not in text(answer)
    assert 'value="Notat 17"' in text(answer)
    assert not AccessLogReading.objects.exists()


def test_it_is_narrowed_by_person_document_and_period(client, cast):
    wanted = fetched(cast.member, "Notat 17: Statusnotat.pdf", 2026, 3, 10, 23, 59)
    fetched(cast.secretary, "Notat 17: Statusnotat.pdf", 2026, 3, 10, 12, 0)
    fetched(cast.member, "Notat 18: Statusnotat.pdf", 2026, 3, 10, 12, 0)
    fetched(cast.member, "Notat 17: Statusnotat.pdf", 2026, 3, 11, 0, 0)
    fetched(cast.member, "Notat 17: Statusnotat.pdf", 2026, 3, 9, 23, 59)
    read(
        client,
        cast.administrator,
        person=cast.member.pk,
        document="notat 17",
        first_day="10-3-2026",
        last_day="10-3-2026",
    )
    assert list(AccessLog.objects.read_by(AccessLogReading.objects.get())) == [wanted]


def test_what_was_fetched_later_needs_a_new_reason(client, cast):
    answer = read(client, cast.administrator)
    fetched(cast.member, "Notat 99: Senere.pdf")
    assert "Notat 99" not in text(client.get(answer.url))


def test_a_period_that_ends_before_it_begins_is_refused(client, cast):
    answer = read(client, cast.administrator, first_day="2-3-2026", last_day="1-3-2026")
    assert answer.status_code == 422
    assert "Slutdatoen ligger før startdatoen." in text(answer)


def test_a_reading_sent_twice_is_one(client, cast):
    key = str(uuid.uuid4())
    first, again = (read(client, cast.administrator, key=key) for _ in range(2))
    assert first.url == again.url
    assert AccessLogReading.objects.count() == 1


@pytest.mark.parametrize("who", ["office", "approver", "member", "secretary", "leader", "nobody"])
def test_the_log_is_for_the_administrator_alone(client, cast, who):
    reading = AccessLogReading.objects.create(by=cast.administrator, because="En klage")
    user = getattr(cast, who)
    assert read(client, user).status_code == 403
    for address in ("/adgangslog/", reading.get_absolute_url()):
        assert client.get(address).status_code == 403
    assert "Adgangslog" not in text(client.get("/"))


def test_it_cannot_be_browsed_in_the_administration(client, cast):
    client.force_login(cast.administrator)
    assert client.get("/administration/").status_code == 200
    assert client.get("/administration/sikkerby/accesslog/").status_code == 404
    assert "accesslog" not in client.get("/administration/").content.decode()


@pytest.mark.parametrize("count", [1, 60])
def test_a_reading_asks_as_often_for_sixty_as_for_one(client, cast, django_assert_num_queries, count):
    for _ in range(count):
        fetched(cast.member, "Notat 17: Statusnotat.pdf")
    answer = read(client, cast.administrator)
    with django_assert_num_queries(READING):
        client.get(answer.url)


READING = 9
