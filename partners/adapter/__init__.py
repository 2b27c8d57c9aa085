"""The door to allauth: what it does here in our way, and on our record."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext

from partners.adapter import hearing
from partners.domain import assurance, sign_ins
from partners.domain.assurance import UNPROVEN
from partners.enums import AccessEvent, AssuranceLevel
from partners.models import User, encryption

SECOND_FACTOR = "allauth.mfa.stages.AuthenticateStage"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Persons are invited or set up by an administrator; nobody registers alone."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def render_mail(self, template: str, address: Any, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Anybody can have a reset sent to any address: an absence notice back would be a matter."""
        told = {**context, "enterprise_name": settings.ENTERPRISE_NAME, "base_url": settings.BASE_URL}
        message = super().render_mail(template, address, told, *args, **kwargs)
        message.extra_headers["Auto-Submitted"] = "auto-generated"  # RFC 3834
        return message

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises ValidationError when it was tried too often; the owner of the account is told so, once."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            if owner := sign_ins.owner_of(str(credentials.get("email", ""))):
                hearing.locked(request, owner)
            raise

    def is_reauthentication_required(self, **about: Any) -> bool:
        """Who has just signed in has just shown it: nobody is asked for a password twice in a row."""
        return bool(super().is_reauthentication_required(**about)) and not hearing.has_just_begun(self.request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        tried = str(credentials.get("email", ""))
        browser = hearing.browser_of(request)
        owner = sign_ins.owner_of(tried)
        sign_ins.failed(owner, tried[:254], method="password", browser=browser, at=timezone.now())

    def get_login_stages(self) -> list[str]:
        """Whom a company vouches for with two factors is not asked for another one here."""
        stages: list[str] = super().get_login_stages()
        request = self.request
        proof = assurance.proof_of(request.session, at=timezone.now()) if request else UNPROVEN
        if proof.sign_on is None or proof.level < AssuranceLevel.DOUBLE:
            return stages
        return [stage for stage in stages if stage != SECOND_FACTOR]

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        hearing.signed_in(request, user)
        return response


class UserSessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]  # allauth carries no types
    """Ending one's other sessions is on the record."""

    def end_sessions(self, sessions: Any) -> None:
        super().end_sessions(sessions)
        if sessions:
            user = sessions[0].user
            sign_ins.tell(
                user,
                AccessEvent.ENDED,
                actor=hearing.actor_in(self.request, user),
                at=timezone.now(),
                sessions=len(sessions),
            )


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    """The secrets of authenticator apps and recovery codes are encrypted at rest."""

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002  allauth's name
        """What a new passkey is called until somebody calls it otherwise."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number} if number > 1 else gettext("Passkey")

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)
