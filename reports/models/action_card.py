"""The action card (actioncard): its text as the office edits it, and the issues of it that were given out."""

from datetime import date

from django.db import connection, models, transaction
from django.db.models import Q
from django.urls import reverse

from reports import poster
from reports.content import CardText, PhoneNumber, Situation
from sikkerby.middleware import Conflict
from sikkerby.models import Precision, User, Versioned, audited
from sikkerby.permissions import Act
from sikkerby.templatetags.danish import approximate, with_capital

ONE_AT_A_TIME = 0x53494B43  # the advisory lock of the card: there is one text, and its issues are numbered in a row

# What the card says until the office writes something else: short lines, a verb first, nothing that costs safety.
STANDARD = {
    "heading": "Uro, vold eller trusler",
    "introduction": "Få mennesker i sikkerhed først. Ting kan erstattes.",
    "unrest": "Tal roligt, og hold afstand.\n"
    "Hent en kollega. Gå aldrig alene ud til dem.\n"
    "Få alle indenfor, og lås dørene.\n"
    "Sig det til lederen, som ringer til politiet og SSP.",
    "violence": "Ring 112, hvis nogen er i fare eller er såret.\n"
    "Få alle væk. Kan I ikke komme ud, så lås jer inde.\n"
    "Giv førstehjælp, når det er sikkert.\n"
    "Gå til det aftalte mødested. Se, om alle er der.",
    "threats": "Tag truslen alvorligt. Lad være med at diskutere.\n"
    "Gå derfra, og hent hjælp. Forhandl aldrig alene.\n"
    "Ring 112, hvis der er fare nu.\n"
    "Skriv ordene ned. Gem beskeder og billeder.",
    "afterwards": "Lederen samler alle samme dag. Tal det igennem.\n"
    "Lederen giver forvaltningen og forældrene besked.\n"
    "Skriv ned, hvad der skete, mens I husker det.\n"
    "Anmeld det til politiet. Anmeld arbejdsskader.\n"
    "Måtte I lukke? Registrér lukningen i Sikker By.",
    "numbers": "Politiet, når det ikke haster: 114",
}


class ActionCardQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """The text as it is being written is the office's; others read what was issued."""
        return self if user.sees_all else self.none()


class ActionCardManager(models.Manager.from_queryset(ActionCardQuerySet)):
    def draft(self, *, held: bool = False) -> "ActionCard":
        """The one text there is, the standard one until the office has saved its own. `held`: until this transaction
        ends, nobody else edits or issues it."""
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        return self.first() or ActionCard(**STANDARD)


@audited(exclude=["version"])
class ActionCard(Versioned):
    """What to do in unrest, violence or threats, as the office edits it. There is one; what hangs on walls is an
    issue of it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    heading = models.CharField("overskrift", max_length=60)
    introduction = models.CharField("indledning", max_length=200, blank=True)
    unrest = models.TextField("uro", max_length=600)
    violence = models.TextField("vold", max_length=600)
    threats = models.TextField("trusler", max_length=600)
    afterwards = models.TextField("bagefter", max_length=600)
    numbers = models.TextField("fælles telefonnumre", max_length=500, blank=True)

    objects = ActionCardManager()

    class Meta(Versioned.Meta):
        verbose_name = "actioncard"
        verbose_name_plural = "actioncard"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="reports_actioncard_only_one")]

    def __str__(self):
        return "Actioncardets tekst"

    def get_absolute_url(self):
        return reverse("reports:action_card")

    def text(self) -> CardText:
        """What it says, line by line."""
        labelled = (line.rpartition(":") for line in self.numbers.splitlines())
        return CardText(
            heading=self.heading,
            introduction=self.introduction,
            situations=tuple(
                Situation(name=name, steps=tuple(steps.splitlines()))
                for name, steps in (
                    ("Uro", self.unrest),
                    ("Vold", self.violence),
                    ("Trusler", self.threats),
                    ("Bagefter", self.afterwards),
                )
            ),
            numbers=tuple(PhoneNumber(label=label.strip(), phone=phone.strip()) for label, _, phone in labelled),
        )

    def is_issued(self) -> bool:
        """Whether the newest issue says just this."""
        newest = ActionCardIssue.objects.first()
        return newest is not None and newest.text == self.text()

    @transaction.atomic
    def issue(self, *, by: User, on: date, precision: str = Precision.DAY) -> "ActionCardIssue":
        """Give out the text as the next issue, which is kept for ever. TooLong where it does not fit on one A4 page
        whatever an institution and its leaders are called."""
        if self.is_issued():
            raise Conflict(
                f"Teksten er allerede udgivet som {ActionCardIssue.objects.first()}. Ret den, før du udgiver igen."
            )
        text = self.text()
        poster.must_fit(text)
        newest = ActionCardIssue.objects.first()
        return ActionCardIssue.objects.create(
            number=newest.number + 1 if newest else 1,
            issued_on=on,
            issued_precision=precision,
            issued_by_name=by.name,
            content=text.to_json(),
        )


class ActionCardIssueQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """All of them, to everyone who may read the card: what hung on the wall then can be asked for later."""
        return self if user.may(Act.READ_CARD) else self.none()


class ActionCardIssue(models.Model):
    """An issue (udgave) of the card, as it was given out. Only added to: the serving role can neither change nor
    delete one, and a trigger of our own refuses it to the owner."""

    number = models.PositiveIntegerField("udgave", primary_key=True)
    issued_on = models.DateField("udgivet")
    issued_precision = models.CharField("angivet som", max_length=10, choices=Precision.choices, default=Precision.DAY)
    issued_by_name = models.CharField("udgivet af", max_length=150)
    content = models.JSONField("indhold")

    objects = ActionCardIssueQuerySet.as_manager()

    class Meta:
        verbose_name = "udgave af actioncardet"
        verbose_name_plural = "udgaver af actioncardet"
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="reports_actioncardissue_numbered_from_one")
        ]

    def __str__(self):
        return f"udgave {self.number}"

    def get_absolute_url(self):
        return reverse("reports:card_issue", args=[self.number])

    @property
    def text(self) -> CardText:
        return CardText.from_json(self.content)

    @property
    def date_as_said(self) -> str:
        return approximate(self.issued_on, self.issued_precision)

    @property
    def as_printed(self) -> str:
        """Udgave 1, august 2012"""
        return with_capital(f"{self}, {self.date_as_said}")
