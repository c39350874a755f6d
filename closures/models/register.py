"""The register of closures: which of them, and how one comes into it."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.html import format_html_join

from sikkerby.models import User

from .. import letters
from .incident import FEW_DAYS, Incident
from .institution import Institution
from .step import ClosureStep

if TYPE_CHECKING:
    from .closure import Closure

MONTH = timedelta(days=31)  # how far apart closures of a unit are and can still be about the same


class ClosureQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        return self if user.sees_all else self.filter(institution__in=Institution.objects.visible_to(user))

    def editable_by(self, user: User):
        """Those of the institutions that this person registers for. Whether it is too late is the act's to say."""
        return self.filter(institution__in=Institution.objects.reported_by(user))

    def behind(self, incident: Incident):
        """Those of one incident, in the order in which they began."""
        return self.filter(incident=incident).order_by("first_day", "pk")

    def near_incident(self, incident: Incident, today: date):
        """Those that may belong to the incident: of its district or of the units around those that do, a few days from
        it at most."""
        gathered = self.model.objects.filter(incident=incident).holding()
        days = gathered.aggregate(
            first=models.Min("first_day"), last=models.Max(models.functions.Coalesce("last_day", today))
        )
        first_day = min(days["first"] or incident.happened_on, incident.happened_on) - FEW_DAYS
        last_day = max(days["last"] or incident.happened_on, incident.happened_on) + FEW_DAYS
        place = Q(institution__in=Institution.objects.around(gathered.values("institution")))
        if incident.district_id:
            place |= Q(institution__district=incident.district_id, scope=self.model.Scope.AREA)
        return self.begun_between(first_day, last_day).holding().filter(place).exclude(incident=incident)

    def begun_between(self, first_day: date, last_day: date):
        """Those with a day between the two that did not last more than a month before them: the index finds them."""
        return self.filter(_not_over_before(first_day), first_day__range=(first_day - MONTH, last_day))

    def without_incident(self):
        return self.filter(incident__isnull=True)

    def with_institution(self):
        """With what every list and page says of its institution."""
        return self.select_related("institution__administration", "institution__district", "institution__parent")

    def answered_by(self, user: User):
        """Those for which this person answers the office's questions."""
        return self.filter(institution__in=Institution.objects.answered_by(user))

    def awaiting_review(self):
        """What the office has to judge: what is reported, and wishes for a correction. One that is still closed is
        judged when it has ended."""
        return self.filter(Q(status=self.model.Status.AWAITING, last_day__isnull=False) | Q(correction_asked=True))

    def awaiting_answer(self):
        """What those who report have to answer: a question, or whether they agree to the kind that review found."""
        return self.filter(Q(status=self.model.Status.RETURNED) | Q(agreement=self.model.Agreement.ASKED))

    def after(self, closure: "Closure"):
        """In the order in which they were registered, those that follow."""
        return self.exclude(pk=closure.pk).filter(_registered("gte", closure)).order_by("registered_at", "pk")

    def before(self, closure: "Closure"):
        """Those that were registered earlier, the latest of them first."""
        return self.exclude(pk=closure.pk).filter(_registered("lte", closure)).order_by("-registered_at", "-pk")

    def of_its_unit_around(self, closure: "Closure", today: date):
        """The same unit's others, whatever became of them, up to a month away."""
        days = closure.first_day - MONTH, (closure.last_day or today) + MONTH
        return self.filter(institution=closure.institution_id).between(*days).exclude(pk=closure.pk)

    def maybe_the_same_as(self, closure: "Closure", today: date):
        """Possible duplicates: of the same unit, or of one it belongs to or has under it, with a day in common or the
        same reference. Not those that are gathered with it: they have been told apart."""
        same = Q(first_day__lte=closure.last_day or today) & _not_over_before(closure.first_day)
        if closure.reference:
            same |= Q(reference=closure.reference)
        family = self.filter(institution__in=Institution.objects.around([closure.institution_id]))
        others = family.holding().filter(same).exclude(pk=closure.pk)
        return others.exclude(incident=closure.incident_id) if closure.incident_id else others

    def near(self, closure: "Closure", today: date):
        """Those that the same unrest may be behind, by place and date: of the same unit, one it belongs to or has under
        it, or, where the unrest was in the area, of the same district; a few days from it at most."""
        place = Q(institution__in=Institution.objects.around([closure.institution_id]))
        if closure.scope == self.model.Scope.AREA and closure.institution.district_id:
            place |= Q(institution__district=closure.institution.district_id, scope=self.model.Scope.AREA)
        first_day, last_day = closure.first_day - FEW_DAYS, (closure.last_day or today) + FEW_DAYS
        return self.begun_between(first_day, last_day).holding().filter(place).exclude(pk=closure.pk)

    def of_services_with(self, closure: "Closure"):
        """Those of the unit's services that were registered with it (register_with_services)."""
        if closure.incident_id is None:
            return self.none()
        same = self.filter(incident=closure.incident_id, first_day=closure.first_day)
        return same.filter(institution__parent=closure.institution_id)

    def in_full(self):
        """With all that a page of its own says of it."""
        return self.with_institution().select_related("registered_by", "reviewed_by", "duplicate_of", "incident")

    def holding(self):
        """Those whose half-days are taken: all but withdrawn and excluded."""
        return self.filter(status__in=self.model.HOLDING)

    def open_ended(self):
        """Until further notice (indtil videre)."""
        return self.holding().filter(last_day__isnull=True)

    def between(self, first_day: date, last_day: date):
        """Those with a day between the two, whatever it counts."""
        still_closed = Q(last_day__isnull=True, status__in=self.model.HOLDING)
        return self.filter(first_day__lte=last_day).filter(
            Q(last_day__gte=first_day) | Q(first_day__gte=first_day) | still_closed
        )

    @transaction.atomic
    def register(self, *, institution: Institution, by: User, today: date, **reported) -> "Closure":
        """Store a new closure with the half-days it takes. ValidationError, in Danish, when it cannot take them."""
        institution = Institution.objects.lock(institution.pk)
        closure = self.model(institution=institution, registered_by=by, **reported)
        closure.hold_years(today)
        taken = closure.half_days_to_take(today, by=by)
        closure.half_days = len(taken)
        closure.save()
        closure.take(taken)
        closure.record(ClosureStep.Act.REGISTERED, by=by)
        return closure

    @transaction.atomic
    def register_with_services(
        self, *, institution: Institution, services: Iterable[Institution], by: User, today: date, **reported
    ) -> "Closure":
        """A larger unit and those of its services that closed too: each a closure of its own, under one incident."""
        closure = self.register(institution=institution, by=by, today=today, **reported)
        for service in sorted(services, key=lambda each: each.pk):  # locked in one order
            if service.parent_id != institution.pk:
                raise ValidationError({"services": f"{service} hører ikke under {institution}."})
            incident = closure.gather()
            try:
                self.register(institution=service, by=by, today=today, incident=incident, **reported)
            except ValidationError as refusal:
                reason = format_html_join(" ", "{}: {}", ((service, message) for message in refusal.messages))
                raise ValidationError({"services": reason}) from refusal
        return closure

    def count_open_closures(self, today: date) -> None:
        """Closures until further notice count to today. To be called as often as one likes."""
        for pk, institution in self.open_ended().values_list("pk", "institution"):
            with transaction.atomic():  # one institution at a time: who locks several does so in another order
                Institution.objects.lock(institution)
                if closure := self.open_ended().filter(pk=pk).first():  # not ended meanwhile
                    closure.grow(today)

    def ask_whether_open_again(self, today: date) -> None:
        """Ask those who lead a unit that is closed until further notice. To be called as often as one likes, by as many
        as like: each is asked once on each occasion."""
        for pk, institution in self.open_ended().values_list("pk", "institution"):
            with transaction.atomic():
                Institution.objects.lock(institution)
                if closure := self.open_ended().select_related("institution").filter(pk=pk).first():
                    letters.ask_whether_open_again(closure, today)


def _registered(when: str, closure: "Closure") -> Q:
    """On one side of a closure in the order of registration; `when` is gte or lte."""
    beyond, at = when.removesuffix("e"), closure.registered_at
    return Q(**{f"registered_at__{beyond}": at}) | Q(**{"registered_at": at, f"pk__{beyond}": closure.pk})


def _not_over_before(day: date) -> Q:
    return Q(last_day__isnull=True) | Q(last_day__gte=day)
