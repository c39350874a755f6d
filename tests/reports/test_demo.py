"""The demo's note of 2013 has what the paper had, and is issued as any other."""

import pytest
from django.core.management import call_command

from reports.doubts import doubts
from reports.models import Committee, Decision, FollowUp, IssuedDocument, Note, RegisterEntry, Seat
from reports.models.decision import minutes_of
from sikkerby.models import Notice, User

SECTIONS = [
    "Økonomiudvalget får hermed",
    "Baggrund",
    "Indsatsområdet og dets effektmål",
    "Tryghed for kommunens ansatte og stabil drift",
    "Ikke-planlagte lukninger",
    "662,5",
    "13",
    "Best practice-katalog",
    "Pilotprojekt",
    "Actioncard",
    "Netværksmøder",
    "Videre proces",
    "februar 2013",
    "Vedlagte bilag",
    "Bilag 1. Best practice-katalog 2013",
]
BLOCK = ["20-08-2013", "2013-0184482", "2013-0184482-2", "Center for Sikker By", "1599 København V", "5798009800077"]


@pytest.fixture
def demo(db, settings):
    settings.DEMO = True
    call_command("demo", verbosity=0)


def test_demo_of_this_room(demo):
    assert Committee.objects.count() == 8
    assert Committee.objects.get(administration=None).name == "Borgerrepræsentationen"
    assert {(seat.user.username, seat.committee.abbreviation) for seat in Seat.objects.all()} == {
        ("udvalg", "ØU"),
        ("udvalg-social", "SUD"),
    }
    catalogue, document = IssuedDocument.objects.order_by("number")
    text, places = document.text, []
    for words in SECTIONS:
        places.append(text.index(words, places[-1] if places else 0))
    assert all(words in text for words in BLOCK)
    assert "DEMODATA – opfundne tal" in text
    assert "Sådan er der talt" not in text
    assert document.issued_at.date().isoformat() == document.date.isoformat() == "2013-08-20"
    assert bytes(document.pdf).startswith(b"%PDF-")
    assert any("»februar 2013«" in each for each in doubts(document.note, on=document.date))
    assert FollowUp.objects.outstanding().count() == 11
    draft = Note.objects.get(status=Note.Status.DRAFT)
    assert draft.committee == document.note.committee
    assert list(Note.objects.visible_to(User.objects.get(username="udvalg-social"))) == [document.note, catalogue.note]
    assert list(IssuedDocument.objects.faults()) == []
    assert list(RegisterEntry.objects.faults()) == []
    assert [str(each) for each in minutes_of(catalogue.note.decisions.all())] == [
        "Økonomiudvalgets beslutning den 31. maj 2011: 1. at-punkt blev drøftet og derefter taget til efterretning. "
        "2.–3. at-punkt blev godkendt."
    ]
    assert {type(each.keeper) for each in FollowUp.objects.kept()} == {Note, Decision}
    assert not Notice.objects.filter(key__startswith="note-").exists()
