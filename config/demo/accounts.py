"""How to get into the demo world: accounts, machine clients and addresses, for people and for scripts."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef

from config.demo.world import OWN_DOMAIN, PASSWORD
from interactions.models import TeamMember
from partners.domain import credentials, scopes
from partners.enums import RoleStatus
from partners.models import Membership, PartnerRole, User
from partners.payloads import SYSTEM

CLIENTS = [("Acme Wholesale", "wholesaler"), ("Sunny Mobile", "mvno"), ("Globex Networks", "interconnect-carrier")]
DEVICES = [("Bluebird Towers", "infrastructure-provider", "Site monitor BER-014")]


def file() -> Path:
    return Path(settings.VAR_DIR) / "demo.json"


def describe(*, at: datetime) -> dict[str, Any]:
    """What demo.json says; the machine credentials are issued here, since their secrets are known only once."""
    return {
        "base_url": settings.BASE_URL,
        "accounts": accounts(),
        "clients": [client(partner, role, at=at) for partner, role in CLIENTS],
        "smtp": {"host": settings.MAIL_LISTEN_HOST, "port": settings.MAIL_LISTEN_PORT},
        "devices": [device(partner, role, name, at=at) for partner, role, name in DEVICES],
        "telephony_secret": next(iter(settings.TELEPHONY_SECRETS), ""),
    }


def accounts() -> list[dict[str, str | None]]:
    """Everybody who may sign in; the first of a kind is the one to show."""
    representatives = User.objects.filter(is_representative=True, email__endswith=f"@{OWN_DOMAIN}").annotate(
        is_lead=Exists(TeamMember.objects.filter(user=OuterRef("pk"), is_lead=True))
    )
    told = [account(kind_of(user), user) for user in representatives.select_related("staff_role").order_by("pk")]
    memberships = Membership.objects.filter(user__email__endswith=f".{OWN_DOMAIN}").select_related("user", "partner")
    told += [
        account(
            "partner_administrator" if membership.is_administrator else "partner_user",
            membership.user,
            membership.partner.name,
        )
        for membership in memberships.order_by("pk")
    ]
    return told


def kind_of(user: User) -> str:
    if user.staff_role is not None:
        return user.staff_role.code
    return "administrator" if user.is_superuser else "lead" if user.is_lead else "representative"  # type: ignore[attr-defined]  # annotated


def account(kind: str, user: User, partner: str | None = None) -> dict[str, str | None]:
    return {"kind": kind, "email": user.email, "password": PASSWORD, "partner": partner}


def client(partner: str, role: str, *, at: datetime) -> dict[str, str]:
    acting_in = role_of(partner, role)
    wanted = scopes.within(acting_in.kind.permissions)
    issued = credentials.issue_client(acting_in, f"{partner} system", wanted=wanted, actor=SYSTEM, at=at)
    return {"partner": partner, "client_id": issued.identifier, "client_secret": issued.secret}


def device(partner: str, role: str, name: str, *, at: datetime) -> dict[str, str]:
    issued = credentials.issue_device_key(role_of(partner, role), name, actor=SYSTEM, at=at)
    return {"partner": partner, "name": name, "key": issued.key}


def role_of(partner: str, kind: str) -> PartnerRole:
    roles = PartnerRole.objects.filter(partner__name=partner, kind__code=kind, status=RoleStatus.ACTIVE)
    return roles.select_related("kind").order_by("pk")[0]


def write(description: dict[str, Any]) -> None:
    """Replace the file as a whole; it holds secrets, if only of a demo, so it is for its owner alone."""
    path = file()
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(description, indent=2, ensure_ascii=False) + "\n")
    partial.replace(path)
