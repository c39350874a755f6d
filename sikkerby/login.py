"""Log-in, and what was typed when a session ended.

A POST without a session is answered 401 with a log-in form that carries what was typed, signed for the address it was
meant for. After log-in the page is shown again with the fields filled, and nothing is saved until the person sends it.
"""

from datetime import datetime, timedelta

from axes.helpers import get_client_ip_address
from axes.models import AccessFailureLog
from django import forms
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django_htmx.http import trigger_client_event

from .forms import CARRIED, CheckedText
from .htmx import page
from .models import User
from .permissions import FORM, POSTS, Act, may
from .templatetags.danish import plural

SECRET_FIELDS = {"csrfmiddlewaretoken", "password", "old_password", "new_password1", "new_password2", "carried"}
CARRIED_FOR = timedelta(hours=12)
LAST_HERE = "last_here"  # in the session: the log-in before this one
AN_HOUR = timedelta(hours=1)
FAILURES_AN_HOUR_PER_ADDRESS = 100  # a town hall shares one
FREE_FAILURES_PER_ACCOUNT = 4  # beyond them each costs twice the wait of the one before, up to LONGEST_WAIT
LONGEST_WAIT = timedelta(minutes=15)


class LogInForm(CheckedText, AuthenticationForm):
    error_messages = {
        # The same for an unknown user, a wrong password and a closed account.
        "invalid_login": "Brugernavn og adgangskode passer ikke sammen. Kontrollér begge, og prøv igen.",
        "inactive": "Brugernavn og adgangskode passer ikke sammen. Kontrollér begge, og prøv igen.",
    }
    may_look_like_cpr = {"password"}  # a user name is logged when it fails, so it is checked
    username = forms.CharField(
        label="Brugernavn",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="Adgangskode",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@sensitive_post_parameters()
@may(Act.LOG_IN, FORM)
def log_in(request: HttpRequest) -> HttpResponse:
    """The log-in page, and with ?dialog=1 the form that opens over a page whose session has ended."""
    dialog = "dialog" in request.GET
    if request.method == "GET" and request.user.is_authenticated and not dialog:
        return redirect("home")
    form = LogInForm(request, request.POST if request.method == "POST" else None)
    if form.is_bound:
        if wait := wait_before_next_try(request, form.data.get("username", "").replace("\0", "")):
            return locked_out(request, wait=wait)
        if form.is_valid():
            before = form.get_user().last_login
            login(request, form.get_user())
            request.session[LAST_HERE] = before.isoformat() if before else ""
            return _logged_in(request, dialog=dialog)
    return page(
        request,
        "log_in.html",
        {
            "form": form,
            "dialog": dialog,
            "next": _local(request, request.POST.get("next") or request.GET.get("next")),
            "carried": request.POST.get("carried", ""),
        },
        partial="log_in_form" if dialog else None,
        status=422 if form.is_bound else 200,
    )


def last_here(request: HttpRequest) -> datetime | None:
    """When this person logged in before this time; none where it is the first."""
    before = request.session.get(LAST_HERE)
    return datetime.fromisoformat(before) if before else None


def _logged_in(request: HttpRequest, *, dialog: bool) -> HttpResponse:
    if dialog:
        return trigger_client_event(HttpResponse(status=204), "logged-in", {"csrf": get_token(request)})
    if carried := _unsigned(request.POST.get("carried", "")):
        request.session[CARRIED] = {"path": carried["path"], "typed": carried["typed"]}
        return HttpResponseRedirect(carried["page"])
    return HttpResponseRedirect(_local(request, request.POST.get("next")) or reverse("home"))


@may(Act.LOG_IN, POSTS)
def log_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("log_in")


@sensitive_post_parameters()
@may(Act.USE, FORM)
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: who one is here, one's roles, which mails one wants, and a new password."""
    form = PasswordForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        form.save()
        update_session_auth_hash(request, form.user)
        messages.success(request, "Din adgangskode er skiftet.")
        return redirect("account")
    context = {
        "form": form,
        "mail_form": MailForm(instance=request.user),
        "roles": sorted(role.label for role in request.user.roles),
    }
    return page(request, "account.html", context, status=422 if form.is_bound else 200)


@may(Act.USE, POSTS)
def account_mail(request: HttpRequest) -> HttpResponse:
    """Which mails one wants. There is nothing to get wrong: a box is ticked, or it is not."""
    form = MailForm(request.POST, instance=request.user)
    user = form.save()
    only = user.necessary_mail_only
    messages.success(
        request, "Du får nu kun de nødvendige mails." if only else "Du får nu alle mails om det, der er dit."
    )
    return redirect("account")


class MailForm(CheckedText, forms.ModelForm):
    class Meta:
        model = User
        fields = ["necessary_mail_only"]


class PasswordForm(CheckedText, PasswordChangeForm):
    may_look_like_cpr = {"old_password", "new_password1", "new_password2"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Nuværende adgangskode"
        del self.fields["old_password"].widget.attrs["autofocus"]  # the page is for more than that
        self.fields["new_password2"].label = "Ny adgangskode igen"
        self.fields["new_password2"].help_text = ""


# --- A session that ended -----------------------------------------------------------------------------------------


def ask_for_log_in(request: HttpRequest, *, readable: bool) -> HttpResponse:
    """For whoever is not logged in. A page sends to log-in and back; what was posted is carried through it."""
    if request.htmx:
        return HttpResponse(status=401)  # app.js opens the log-in in a dialog; the page stays
    if request.method != "POST":
        return redirect(f"{reverse('log_in')}?{urlencode({'next': request.get_full_path()})}")
    came_from = _local(request, request.headers.get("Referer"))
    shown_at = request.get_full_path() if readable else came_from or reverse("home")
    typed = request.POST.copy()
    for name in SECRET_FIELDS:
        typed.pop(name, None)
    carried = signing.dumps(
        {"path": request.path, "page": shown_at, "typed": typed.urlencode()}, salt=CARRIED, compress=True
    )
    context = {"form": LogInForm(request), "dialog": False, "next": "", "carried": carried}
    return render(request, "log_in.html", context, status=401)


def _unsigned(carried: str) -> dict | None:
    try:
        return signing.loads(carried, salt=CARRIED, max_age=CARRIED_FOR) if carried else None
    except signing.BadSignature:
        return None


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The token was wrong: what was typed is shown as text to copy. As a form it could be another site's."""
    typed = [
        (name, value) for name, values in request.POST.lists() if name not in SECRET_FIELDS for value in values if value
    ]
    return render(request, "csrf.html", {"typed": typed}, status=403)


def _local(request: HttpRequest, url: str | None) -> str:
    """The address if it is one of ours, as a path; else nothing."""
    if not url or not url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return ""
    path = url.removeprefix(f"{request.scheme}://{request.get_host()}")
    return path if path.startswith("/") and not path.startswith("//") else ""


# --- Too many tries -----------------------------------------------------------------------------------------------


def wait_before_next_try(request: HttpRequest, username: str) -> timedelta:
    """How long this account, or this address, must wait; axes itself locks the pair of them after ten failures."""
    now = timezone.now()
    failures = AccessFailureLog.objects.filter(attempt_time__gt=now - AN_HOUR)
    from_here = failures.filter(ip_address=get_client_ip_address(request))
    if from_here.count() >= FAILURES_AN_HOUR_PER_ADDRESS:
        return LONGEST_WAIT
    of_account = list(
        failures.filter(username=username).order_by("-attempt_time").values_list("attempt_time", flat=True)
    )
    excess = len(of_account) - FREE_FAILURES_PER_ACCOUNT
    if excess <= 0:
        return timedelta()
    wait = min(timedelta(seconds=2 ** min(excess, 10)), LONGEST_WAIT)
    return max(of_account[0] + wait - now, timedelta())


def locked_out(
    request: HttpRequest, response=None, credentials=None, *, wait: timedelta = LONGEST_WAIT
) -> HttpResponse:
    """Answer 429; axes calls it too (AXES_LOCKOUT_CALLABLE), with its own response and the credentials."""
    seconds = max(1, round(wait.total_seconds()))
    minutes = -(-seconds // 60)
    in_seconds, in_minutes = plural(seconds, "sekund,sekunder"), plural(minutes, "minut,minutter")
    how_long = f"{seconds} {in_seconds}" if seconds < 60 else f"{minutes} {in_minutes}"
    reason = f"Der har været for mange forsøg på at logge ind. Vent {how_long}, og prøv igen."
    answer = render(request, "429.html", {"reason": reason}, status=429)
    answer.headers["Retry-After"] = str(seconds)
    return answer
