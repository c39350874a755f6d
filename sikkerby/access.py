"""How a view gets at the rows it changes, by the rule; and the access log, the one thing a GET may write."""

from axes.helpers import get_client_ip_address
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from .forms import locked
from .models import AccessLog


def get_editable(request: HttpRequest, model: type[models.Model], **key) -> models.Model:
    """The row, held while a POST changes it. 404 if this person may not see it, 403 if it is not theirs to change."""
    visible = model.objects.visible_to(request.user)
    pk = get_object_or_404(visible.values_list("pk", flat=True), **key)
    try:
        return locked(request, model.objects.all()).get(
            pk__in=model.objects.editable_by(request.user).filter(pk=pk).values("pk")
        )
    except model.DoesNotExist:
        raise PermissionDenied from None


def record(request: HttpRequest, what: str) -> None:
    """Note that this person now fetches this. Called before the bytes leave: no log row, no download."""
    AccessLog.objects.create(user=request.user, what=what[:200], ip_address=get_client_ip_address(request))
