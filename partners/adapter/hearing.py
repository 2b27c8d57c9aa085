"""What allauth tells of people coming in and going out, put on the record and into the session."""

import time
from datetime import timedelta
from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from partners.domain import access, assurance, sign_ins
from partners.domain.sign_ins import Browser
from partners.enums import AccessEvent
from partners.middleware import ROLE_KEY
from partners.models import User
from partners.payloads import NOBODY, Actor

WARNED_FOR = 3600  # seconds: an attack makes one warning an hour
MOST_AGENT = 300
WRONG_CODES = 3
FACTORS = {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}


def begin() -> None:
    """Listen; called once when the apps are there."""
    user_logged_out.connect(signed_out, dispatch_uid="signed_out")
    account.authentication_step_completed.connect(step_completed, dispatch_uid="step_completed")
    account.login_code_rejected.connect(code_rejected, dispatch_uid="code_rejected")
    for changed in (account.password_changed, account.password_reset, account.password_set):
        changed.connect(password_changed, dispatch_uid="password_changed")
    mfa.authentication_failed.connect(factor_failed, dispatch_uid="factor_failed")
    mfa.authenticator_added.connect(factor_added, dispatch_uid="factor_added")
    mfa.authenticator_removed.connect(factor_removed, dispatch_uid="factor_removed")
    mfa.authenticator_reset.connect(codes_renewed, dispatch_uid="codes_renewed")


def browser_of(request: HttpRequest) -> Browser:
    return Browser(
        address=str(get_adapter().get_client_ip(request) or ""),
        agent=request.META.get("HTTP_USER_AGENT", "").replace("\x00", "")[:MOST_AGENT],
    )


def has_just_begun(request: HttpRequest) -> bool:
    """Whether somebody signed in within the last minutes."""
    now = timezone.now()
    began_at = assurance.proof_of(request.session, at=now).began_at
    return began_at is not None and now - began_at <= timedelta(minutes=settings.STEP_UP_MINUTES)


def actor_in(request: HttpRequest, user: User) -> Actor:
    """Who the user is in this session; by itself where it is signing in just now."""
    actor = getattr(request, "actor", None)
    if isinstance(actor, Actor) and actor.user_id == user.pk:
        return actor
    proof = assurance.proof_of(request.session, at=timezone.now())
    return sign_ins.as_person(user, proof.level)


def signed_in(request: HttpRequest, user: User) -> None:
    now = timezone.now()
    proof = assurance.proof_of(request.session, at=now)
    acting = access.acting(user, chosen=request.session.get(ROLE_KEY), proof=proof)
    if acting.membership is not None:
        request.session[ROLE_KEY] = access.choice_key(acting.membership, acting.role)
    sign_ins.signed_in(user, acting, browser=browser_of(request), at=now)


def signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        sign_ins.tell(user, AccessEvent.SIGNED_OUT, actor=actor_in(request, user), at=timezone.now())


def step_completed(request: HttpRequest, user: User, method: str, reauthenticated: bool = False, **told: Any) -> None:
    """Somebody who was in already has proven once more who they are."""
    if reauthenticated:
        renew(request)
        kind = str(told.get("type") or method)
        sign_ins.tell(user, AccessEvent.STEPPED_UP, actor=actor_in(request, user), at=timezone.now(), credential=kind)


def renew(request: HttpRequest) -> None:
    """A stronger session has another id than the weaker one had."""
    request.session.cycle_key()
    UserSession.objects.create_from_request(request)


def code_rejected(request: HttpRequest, user: User, **_: Any) -> None:
    sign_ins.failed(user, "", method="code", browser=browser_of(request), at=timezone.now())


def factor_failed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Whoever comes this far knows the password: the owner hears of it."""
    kind = str(authenticator.type)
    sign_ins.failed(user, "", method=kind, browser=browser_of(request), at=timezone.now())
    key = f"wrong-codes:{user.pk}"
    cache.add(key, 0, WARNED_FOR)
    if cache.incr(key) == WRONG_CODES:
        warn(request, user, "account/email/second_factor_tried")


def locked(request: HttpRequest, user: User) -> None:
    if cache.add(f"warned-of-lock:{user.pk}", True, WARNED_FOR):
        browser = browser_of(request)
        sign_ins.tell(user, AccessEvent.LOCKED, actor=NOBODY, browser=browser, at=timezone.now())
        warn(request, user, "account/email/locked")


def warn(request: HttpRequest, user: User, template: str) -> None:
    browser = browser_of(request)
    context = {"user": user, "ip": browser.address, "user_agent": browser.agent, "timestamp": timezone.now()}
    get_adapter().send_mail(template, user.email, context)


def password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    sign_ins.tell(user, AccessEvent.PASSWORD_CHANGED, actor=actor_in(request, user), at=timezone.now())


def factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Setting a factor up proves it as using it does: from now on the session is that strong."""
    if authenticator.type not in FACTORS:
        return
    proven = {"method": "mfa", "type": str(authenticator.type), "id": authenticator.pk, "at": time.time()}
    request.session[assurance.METHODS_KEY] = [*request.session.get(assurance.METHODS_KEY, []), proven]
    renew(request)
    told(request, user, AccessEvent.FACTOR_ADDED, authenticator)


def factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type in FACTORS:
        told(request, user, AccessEvent.FACTOR_REMOVED, authenticator)


def codes_renewed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    told(request, user, AccessEvent.CODES_RENEWED, authenticator)


def told(request: HttpRequest, user: User, event: AccessEvent, authenticator: Authenticator) -> None:
    kind = str(authenticator.type)
    sign_ins.tell(user, event, actor=actor_in(request, user), at=timezone.now(), credential=kind)
