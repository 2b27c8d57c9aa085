"""Who comes back is recognised by their session and the account in it, for which every request asks."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import BigAutoField, CharField, DateTimeField
from django.utils import timezone

from partners.domain.written import Given, Written
from partners.models import User

KEY, NOW, ACCOUNT = Given("key", CharField()), Given("now", DateTimeField()), Given("account", BigAutoField())
SESSIONS = Written(lambda: Session.objects.filter(session_key=KEY, expire_date__gt=NOW))
ACCOUNTS = Written(lambda: User.objects.filter(pk=ACCOUNT))


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        found = SESSIONS.ask(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth carries no types
    def get_user(self, user_id: int) -> User | None:
        found = ACCOUNTS.ask(account=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None
