"""What is attached to a note: files, papers made when it is issued, and who may read the closed ones."""

import io
import uuid
from datetime import date, timedelta

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from initiatives.models import PrincipleEntry
from reports import uploaded
from reports.models import Appendix, IssuedDocument, Note, Seat
from reports.pdf import Limits, PdfError
from sikkerby.models import AccessLog, StoredFile
from tests.factories import (
    make_initiative,
    make_note,
    make_principle,
    make_reviewed_closure,
    make_strategy,
    make_user,
)
from tests.reports.factories import PDF, make_issued_note, make_pdf_file, make_written_note


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def attach(client, note, **typed):
    return client.post(
        f"/notater/{note.pk}/bilag/ny/", {"title": "Bilaget", "source": "file", "key": str(uuid.uuid4()), **typed}
    )


def issue(note: Note, cast):
    note.submit(by=cast.office)
    note.approve(by=cast.approver)
    note.refresh_from_db()
    return note.issue(by=cast.office)


# --- Files --------------------------------------------------------------------------------------------------------


def upload(client, note, name, body, title="Katalog 2013"):
    data = {"title": title, "source": "file", "key": str(uuid.uuid4()), "file": SimpleUploadedFile(name, body)}
    return client.post(f"/notater/{note.pk}/bilag/ny/", data)


def test_appendix_is_a_pdf_or_a_title_alone(client, cast):
    note = make_note(committee=cast.finance, written_by=cast.office)
    client.force_login(cast.office)
    assert upload(client, note, "katalog.pdf", PDF).status_code == 302
    client.post(f"/notater/{note.pk}/bilag/ny/", {"title": "Uden fil", "source": "file", "key": str(uuid.uuid4())})
    assert [(each.number, each.title, bool(each.file)) for each in note.appendices.all()] == [
        (1, "Katalog 2013", True),
        (2, "Uden fil", False),
    ]
    assert client.get(f"/notater/{note.pk}/bilag/1/pdf/").content == PDF
    assert client.get(f"/notater/{note.pk}/bilag/2/pdf/").status_code == 404
    assert "Bilag 2. Uden fil har ingen fil." in text(client.get(f"/notater/{note.pk}/"))


def changed(change=None, **save) -> bytes:
    """The whole PDF with something done to it."""
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(PDF)) as pdf:
        if change:
            change(pdf)
        pdf.save(file, **save)
    return file.getvalue()


def opens_with(pdf, act: str, **does) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name(act), **does)


def carries(pdf, name: str) -> None:
    pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, b"MZ", filename=name)


def has_a_form_with_code(pdf) -> None:
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=pdf.make_stream(b"<script>app.alert(1)</script>"))


def carries_in_the_margin(pdf) -> None:
    """A file that hangs on a note in the margin, and is not in the list of those inside."""
    file = pikepdf.AttachedFileSpec(pdf, b"MZ", filename="regning.exe").obj
    pin = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], FS=file)
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(pin)])


@pytest.mark.parametrize(
    ("name", "body", "error"),
    [
        ("katalog.docx", PDF, "Bilag skal være PDF-filer."),
        ("Sag om 010203-1234.pdf", PDF, "CPR-nummer"),
        ("katalog.pdf", b"PK\x03\x04 et regneark", "Filen er ikke en PDF-fil"),
        ("katalog.pdf", b"", "tom"),
        ("katalog.pdf", PDF + b"0" * StoredFile.LARGEST, "Et bilag må højst fylde"),
        ("katalog.pdf", PDF[:200], "PDF-filen er beskadiget."),
        ("katalog.pdf", b"%PDF-1.7 og ikke mere", "PDF-filen er beskadiget."),
        ("katalog.pdf", changed(lambda pdf: pdf.pages.__delitem__(0)), "PDF-filen er beskadiget."),
        ("katalog.pdf", changed(encryption=pikepdf.Encryption(owner="a", user="b")), "PDF-filen er låst"),
        ("katalog.pdf", changed(encryption=pikepdf.Encryption(owner="a", user="")), "PDF-filen er låst"),
        (
            "katalog.pdf",
            changed(lambda pdf: opens_with(pdf, "/JavaScript", JS="app.alert(1)")),
            "indeholder programkode",
        ),
        ("katalog.pdf", changed(lambda pdf: opens_with(pdf, "/Launch", F="cmd.exe")), "indeholder programkode"),
        ("katalog.pdf", changed(lambda pdf: opens_with(pdf, "/GoToR", F="//vært/del")), "åbner andre filer"),
        ("katalog.pdf", changed(has_a_form_with_code), "indeholder programkode"),
        ("katalog.pdf", changed(lambda pdf: carries(pdf, "regning.exe")), "»regning.exe«"),
        ("katalog.pdf", changed(carries_in_the_margin), "»regning.exe«"),
    ],
)
def test_other_files_are_refused_and_the_title_is_kept(client, cast, name, body, error):
    note = make_note(committee=cast.finance, written_by=cast.office)
    client.force_login(cast.office)
    answer = upload(client, note, name, body)
    assert answer.status_code == 422
    assert error in answer.content.decode()
    assert 'value="Katalog 2013"' in answer.content.decode()
    assert not Appendix.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_file_that_takes_more_than_it_is_given_is_refused(client, cast, monkeypatch):
    """200 kB were made that take 900 MB and 7 s; here any file takes too much."""
    monkeypatch.setattr(uploaded, "LIMITS", Limits(seconds=0))
    note = make_note(committee=cast.finance, written_by=cast.office)
    client.force_login(cast.office)
    answer = upload(client, note, "katalog.pdf", PDF)
    assert answer.status_code == 422
    assert "PDF-filen er for indviklet til at blive lagt ved." in text(answer)
    assert not note.appendices.exists()


def test_appendices_move_and_close_ranks(client, cast):
    note = make_note(committee=cast.finance, written_by=cast.office)
    for title in ("A", "B", "C"):
        note.add_appendix(title=title, file=None)
    client.force_login(cast.office)
    client.post(f"/notater/{note.pk}/bilag/3/op/")
    assert [(each.number, each.title) for each in note.appendices.all()] == [(1, "A"), (2, "C"), (3, "B")]
    page = client.get(f"/notater/{note.pk}/").content.decode()
    row = page.split(f'action="/notater/{note.pk}/bilag/1/fjern/"')[1].split('name="row" value="')[1].split('"')[0]
    answers = [client.post(f"/notater/{note.pk}/bilag/1/fjern/", {"row": row}) for _ in range(2)]  # a double click
    assert [answer.status_code for answer in answers] == [302, 409]
    assert [(each.number, each.title) for each in note.appendices.all()] == [(1, "C"), (2, "B")]


def test_a_file_with_the_data_behind_it_is_taken(client, cast):
    note = make_note(committee=cast.finance, written_by=cast.office)
    client.force_login(cast.office)
    assert upload(client, note, "katalog.pdf", changed(lambda pdf: carries(pdf, "tal.csv"))).status_code == 302


# --- Papers made from the registers -------------------------------------------------------------------------------


def test_made_ones_can_be_looked_at_as_a_draft_and_are_made_for_good_when_issued(client, cast):
    strategy = make_strategy()
    principle = make_principle(strategy=strategy, number=1, title="Vi bygger bro")
    entry = PrincipleEntry.objects.create(principle=principle, initiative=make_initiative(), text="En række", order=1)
    make_reviewed_closure(institution=cast.school, by=cast.office)
    note = make_written_note(cast=cast, date=date(2026, 11, 1))
    client.force_login(cast.office)
    assert attach(client, note, title="Principper", source="principles", strategy=strategy.pk).status_code == 302
    assert attach(client, note, title="Lukninger", source="closures", year="2026").status_code == 302
    assert "laves, når notatet udsendes" in text(client.get(f"/notater/{note.pk}/"))
    assert client.get(f"/notater/{note.pk}/bilag/2/pdf/").status_code == 404
    draft = client.get(f"/notater/{note.pk}/bilag/2/udkast.pdf/")
    assert draft.content.startswith(b"%PDF-")
    assert StoredFile.objects.count() == 1  # the uploaded one

    document = issue(note, cast)
    made = [each.file for each in note.appendices.made_from_registers()]
    assert [each.name for each in made] == ["Bilag 2 - Principper.pdf", "Bilag 3 - Lukninger.pdf"]
    assert [each["sha256"] for each in document.appendices[1:]] == [each.sha256 for each in made]
    client.force_login(cast.member)
    before = client.get(f"/notater/{note.pk}/bilag/2/pdf/").content
    assert before != draft.content
    entry.delete()
    assert client.get(f"/notater/{note.pk}/bilag/2/pdf/").content == before
    assert list(IssuedDocument.objects.faults()) == []


def test_where_one_cannot_be_made_nothing_is_issued_and_it_is_named(client, cast, monkeypatch):
    note = make_written_note(cast=cast)
    note.attach(Appendix(title="Lukninger", source="closures", year=2012))
    note.submit(by=cast.office)
    note.approve(by=cast.approver)
    note.refresh_from_db()

    def cannot(*args, **kwargs):
        raise PdfError("Papiret er for stort.")

    monkeypatch.setattr("reports.appendix_papers.make", cannot)
    client.force_login(cast.office)
    page = client.get(f"/notater/{note.pk}/udsend/").content.decode()
    typed = {"case_number": note.case_number, "document_number": note.document_number, "version": note.version}
    if 'name="seen"' in page:
        typed |= {"all_the_same": "on", "seen": page.split('name="seen" value="')[1].split('"')[0]}
    answer = client.post(f"/notater/{note.pk}/udsend/", typed)
    assert answer.status_code == 409
    assert "Bilag 2. Lukninger kan ikke laves, så notatet er ikke udsendt. Papiret er for stort." in text(answer)
    assert not IssuedDocument.objects.exists()
    note.refresh_from_db()
    assert (note.status, StoredFile.objects.count()) == ("approved", 1)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"source": ""}, "Feltet skal udfyldes."),
        ({"source": "principles"}, "Vælg den strategi, bilaget skal laves af."),
        ({"source": "edition"}, "Vælg det katalog, bilaget skal laves af."),
        ({"source": "closures"}, "Skriv det år, bilaget skal vise."),
        ({"source": "closures", "year": "2011"}, "Der er ingen opgørelse fra før 2012."),
        ({"source": "lottery"}, "Det kan ikke vælges her."),
        ({"is_closed": "on"}, "Skriv, hvorfor bilaget er lukket."),
        ({"is_closed": "on", "closed_because": "Navne"}, "Vælg mindst ét udvalg"),
        ({"is_closed": "on", "closed_because": "Om 010203-1234", "closed_to": "1"}, "CPR-nummer"),
    ],
)
def test_what_it_is_made_of_and_for_whom_must_be_said(client, cast, typed, error):
    note = make_note(committee=cast.finance, written_by=cast.office)
    client.force_login(cast.office)
    answer = attach(client, note, **typed)
    assert answer.status_code == 422
    assert error in text(answer)
    assert 'value="Bilaget"' in text(answer)
    assert not Appendix.objects.exists()


def test_what_belongs_to_another_choice_is_left_out(client, cast):
    note = make_note(committee=cast.finance, written_by=cast.office)
    client.force_login(cast.office)
    typed = {
        "source": "closures",
        "year": "2012",
        "strategy": make_strategy().pk,
        "closed_because": "Glemt om 010203-1234",
    }
    assert attach(client, note, **typed).status_code == 302
    appendix = Appendix.objects.get()
    assert (appendix.year, appendix.strategy, appendix.closed_because) == (2012, None, "")


# --- Closed ones --------------------------------------------------------------------------------------------------


def with_closed_appendix(cast) -> Note:
    """An open note whose second appendix is for the Socialudvalg alone."""
    note = make_written_note(cast=cast)
    file = StoredFile.objects.store(
        name="navne.pdf", content_type="application/pdf", content=make_pdf_file("navne"), by=cast.office
    )
    note.attach(Appendix(title="Navne", file=file, closed_because="Personoplysninger"), closed_to=[cast.social])
    issue(note, cast)
    return note


def test_a_closed_appendix_is_listed_for_all_and_read_by_the_named(client, cast):
    note = with_closed_appendix(cast)
    assert "Bilag 2. Navne (lukket bilag)" in note.document.text
    for user, status in (
        (cast.office, 200),
        (cast.approver, 200),
        (cast.social_member, 200),
        (cast.member, 404),
        (cast.secretary, 404),
    ):
        client.force_login(user)
        page = text(client.get(f"/notater/{note.pk}/"))
        assert "Bilag 2. Navne" in page
        assert (f"/notater/{note.pk}/bilag/2/pdf/" in page) == (status == 200)
        assert ("Personoplysninger" in page) == (status == 200)
        answer = client.get(f"/notater/{note.pk}/bilag/2/pdf/")
        assert answer.status_code == status
        assert client.get(f"/notater/{note.pk}/bilag/1/pdf/").status_code == 200
    client.force_login(cast.member)
    missing = client.get(f"/notater/{note.pk}/bilag/9/pdf/")
    assert client.get(f"/notater/{note.pk}/bilag/2/pdf/").content == missing.content
    assert not AccessLog.objects.filter(user=cast.member, what__contains="Navne").exists()


def test_a_former_member_of_a_named_committee_reads_it_no_longer(client, cast):
    note = with_closed_appendix(cast)
    former = make_user()
    Seat.objects.create(committee=cast.social, user=former, ends=timezone.localdate() - timedelta(days=1))
    Seat.objects.create(committee=cast.finance, user=former)
    client.force_login(former)
    assert client.get(f"/notater/{note.pk}/").status_code == 200
    assert client.get(f"/notater/{note.pk}/bilag/2/pdf/").status_code == 404


def test_a_correction_takes_the_appendices_with_their_readers_along(client, cast):
    note = make_written_note(cast=cast, date=date(2026, 11, 1))
    note.attach(Appendix(title="Lukninger", source="closures", year=2012, names_institutions=True))
    note.attach(Appendix(title="Navne", closed_because="Personoplysninger"), closed_to=[cast.social])
    issue(note, cast)
    assert note.appendices.get(number=2).file
    new = Note.objects.correct(note, by=cast.office, because="Et tal", today=date(2026, 11, 2))
    file, made, closed = new.appendices.all()
    assert (file.file, made.file) == (note.appendices.get(number=1).file, None)
    assert (made.source, made.year, made.names_institutions) == ("closures", 2012, True)
    assert (closed.closed_because, list(closed.closed_to.all())) == ("Personoplysninger", [cast.social])
    assert list(IssuedDocument.objects.faults()) == []


def test_move_down(client, cast):
    note = make_note(committee=cast.finance, written_by=cast.office)
    for title in ("A", "B", "C"):
        note.add_appendix(title=title, file=None)
    client.force_login(cast.office)
    assert client.post(f"/notater/{note.pk}/bilag/1/ned/").url.endswith("#bilag-2")
    client.post(f"/notater/{note.pk}/bilag/3/ned/")
    assert [(each.number, each.title) for each in note.appendices.all()] == [(1, "B"), (2, "A"), (3, "C")]


def test_made_appendix_of_an_issued_note_has_no_draft(client, cast):
    note = make_issued_note(cast=cast)
    client.force_login(cast.office)
    assert client.get(f"/notater/{note.pk}/bilag/1/udkast.pdf/").status_code == 409
