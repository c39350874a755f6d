"""Mails: one of each, in the transaction of what they tell about, and sent when the mail server is there."""

import threading

import pytest
from django.core import mail as outbox
from django.db import connection, transaction
from post_office.models import STATUS, Email

from closures.models import Closure
from sikkerby import mail
from sikkerby.models import Notice, User
from tests.factories import make_closure, make_institution, make_user

LETTER = "closures/mail/step.txt"


def silent_closure(**fields) -> Closure:
    """Of one who gets no receipt."""
    return make_closure(by=make_user(is_active=False), **fields)


def tell(user, key="nøgle", **options):
    closure = Closure.objects.first() or silent_closure(institution=make_institution(name="Skolen ved Åen & Søen"))
    step = closure.steps.get()
    context = {"step": step, "closure": closure, "institution": closure.institution}
    return mail.tell(user, LETTER, context, key=key, **options)


def test_mail_has_its_subject_and_no_html_entities(db):
    user = make_user()
    assert tell(user)
    letter = Email.objects.get()
    assert letter.subject.startswith("LUK-")
    assert "lukningen er registreret" in letter.subject
    assert "Skolen ved Åen & Søen" in letter.message
    assert "\n" not in letter.subject
    assert letter.to == [user.email]


def test_same_key_is_told_once_and_another_again(db):
    user = make_user()
    assert [tell(user), tell(user), tell(user, "en anden")] == [True, False, True]
    assert Email.objects.count() == 2


@pytest.mark.parametrize(
    "fields", [{"is_active": False}, {"necessary_mail_only": True}, {"email": ""}, {"email": "ikke en adresse"}]
)
def test_mail_goes_to_nobody_who_should_not_have_it(db, fields):
    user = make_user()
    User.objects.filter(pk=user.pk).update(**fields)
    user.refresh_from_db()
    assert not tell(user)
    assert not Email.objects.exists()


def test_necessary_mail_goes_to_those_who_want_no_other(db):
    assert tell(make_user(necessary_mail_only=True), necessary=True)


def test_mail_about_what_is_rolled_back_is_not_sent(db):
    user = make_user()
    with transaction.atomic():
        tell(user)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    assert not Email.objects.exists()


def test_what_people_wrote_is_no_template(db):
    institution = make_institution(name="{% load x %}{{ y }}")
    step = silent_closure(institution=institution).steps.get()
    mail.tell(make_user(), LETTER, {"step": step, "closure": step.closure, "institution": institution}, key="x")
    assert "{% load x %}{{ y }}" in Email.objects.get().message


def test_waiting_mails_are_sent_once(db):
    tell(make_user())
    assert mail.send() == 1
    assert mail.send() == 0
    assert len(outbox.outbox) == 1


def test_mail_waits_while_the_mail_server_is_down(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nothing listens there
    tell(make_user())
    assert mail.send() == 0
    assert Email.objects.get().status == STATUS.requeued


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_once():
    user = make_user()
    step = silent_closure().steps.get()
    context = {"step": step, "closure": step.closure, "institution": step.closure.institution}
    start, told = threading.Barrier(8), []

    def run():
        start.wait(timeout=60)
        try:
            with transaction.atomic():
                told.append(mail.tell(user, LETTER, context, key="en gang"))
        finally:
            connection.close()

    workers = [threading.Thread(target=run) for _ in range(8)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert sorted(told) == [False] * 7 + [True]
    assert Email.objects.count() == 1
