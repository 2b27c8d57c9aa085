"""The admin: configuration is changed and recorded, what the product records itself is only looked at."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import models
from django.test import Client
from django.utils import timezone

from interactions.domain import bank_details
from partners.domain import chain, credentials, onboarding
from partners.models import (
    Absence,
    BusinessCalendar,
    Checkpoint,
    Contact,
    Credential,
    IdempotencyKey,
    Invitation,
    Membership,
    OutboxMessage,
    Partner,
    RecordEntry,
    RoleKind,
    ServicePolicy,
    SignOnIdentity,
    SingleSignOn,
    Translation,
    User,
)
from partners.payloads import SYSTEM
from tests.admin_pages import filled_in, open_every_page, registered, url
from tests.factories.identity_provider import key_pair
from tests.factories.partners import AgreementFactory, OfficeCalendarFactory
from tests.factories.sign_ons import a_sign_on
from tests.factories.world import (
    a_contact,
    a_machine_client,
    a_partner,
    a_person_of,
    a_policy,
    a_representative,
    a_role,
    an_actor_for,
    an_administrator,
    an_interaction,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Partner:
    acme = a_partner("Acme Wholesale")
    a_person_of(acme)
    a_contact(acme, "billing@acme.example.org")
    AgreementFactory.create(partner=acme)
    a_policy(partner=acme)
    return acme


@pytest.fixture
def ada() -> Client:
    return signed_in(an_administrator())


def told(stream: str, event: str) -> RecordEntry:
    return RecordEntry.objects.get(stream=stream, event=event)


def changes_of(stream: str) -> list[Any]:
    return [entry.facts for entry in RecordEntry.objects.of_stream(stream).filter(event="configuration.changed")]


def test_every_page_opens(subtests: pytest.Subtests, acme: Partner, ada: Client) -> None:
    an_interaction(acme)
    a_machine_client(acme)
    onboarding.invite(acme, "nina@acme.example.org", roles=[], actor=SYSTEM, at=timezone.now())
    today = timezone.now().date()
    Absence.objects.create(user=a_representative("Tom Okafor"), first_date=today, last_date=today)
    paul = acme.memberships.get().user
    SignOnIdentity.objects.create(sign_on=a_sign_on(acme), user=paul, subject="paul-1", used_at=timezone.now())
    account = {"holder": "Acme Inc.", "iban": "DE89370400440532013000"}
    bank_details.propose(acme, **account, actor=an_actor_for(paul), at=timezone.now())
    Translation.objects.create(text="Tower lease", language="de")
    IdempotencyKey.objects.create(caller="client", key="k", fingerprint=b"", status=201)
    Checkpoint.objects.create(
        number=1, at=timezone.now(), heads=[], root=b"r", previous=chain.GENESIS, signature=b"s", public_key=b"p"
    )

    for model in registered("partners"):
        with subtests.test(model=model.__name__):
            open_every_page(ada, model)


def test_every_model_of_the_app_is_somewhere_in_the_admin() -> None:
    inlines = {inline.model for page in admin.site._registry.values() for inline in page.inlines}
    missing = {model.__name__ for model in apps_models("partners")} - {
        model.__name__ for model in set(admin.site._registry) | inlines
    }

    assert missing == set()


def apps_models(label: str) -> list[type[models.Model]]:
    from django.apps import apps

    return list(apps.get_app_config(label).get_models())


def test_who_is_not_signed_in_goes_through_the_one_door() -> None:
    answer = Client().get(url(Partner, "changelist"), follow=True)

    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0].startswith("/account/login/?next=")


def test_the_admin_has_no_password_form_of_its_own() -> None:
    an_administrator(password="a long enough password")

    answer = Client().post(
        "/admin/login/", {"username": "ada.brandt@example.org", "password": "a long enough password"}
    )

    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]


def test_a_representative_without_the_right_is_refused() -> None:
    rosa = signed_in(a_representative())

    assert rosa.get("/admin/", follow=True).status_code == 403
    assert rosa.get(url(Partner, "changelist"), follow=True).status_code == 403


def test_a_change_of_configuration_is_on_the_record(ada: Client) -> None:
    kind = RoleKind.objects.get(code="mvno")
    form = filled_in(ada, url(RoleKind, "change", kind.pk)) | {"name": "Virtual operator"}

    answer = ada.post(url(RoleKind, "change", kind.pk), form)

    assert answer.status_code == 302
    assert RoleKind.objects.get(pk=kind.pk).name == "Virtual operator"
    assert changes_of("installation")[-1] == {
        "kind": "partners.rolekind",
        "row": kind.pk,
        "done": "changed",
        "changes": [{"done": "changed", "part": "", "fields": ["Name"]}],
    }
    assert not OutboxMessage.objects.exists()


def test_a_deletion_is_on_the_record(ada: Client) -> None:
    policy = a_policy(name="Only for a while").policy

    ada.post(url(type(policy), "delete", policy.pk), {"post": "yes"})

    assert changes_of("installation")[-1] == {"kind": "partners.servicepolicy", "row": policy.pk, "done": "deleted"}


def test_a_role_kind_says_what_it_allows_and_how_strongly_that_is_proven(ada: Client) -> None:
    kind = RoleKind.objects.get(code="mvno")
    form = filled_in(ada, url(RoleKind, "change", kind.pk))
    form |= {"allowed_approve_settlement": "3", "allowed_port_number": "", "allowed_submit_bill": "0"}

    ada.post(url(RoleKind, "change", kind.pk), form)

    changed = RoleKind.objects.get(pk=kind.pk)
    assert set(changed.permissions) == {*kind.permissions, "bill.submit"} - {"number.port"}
    assert changed.demands == {"settlement.approve": 3}
    assert changes_of("installation")[-1]["changes"][0]["fields"] == ["What it allows"]


@pytest.mark.parametrize("level", ["1", "4", "x"])
def test_no_role_kind_asks_for_less_than_everywhere(ada: Client, level: str) -> None:
    kind = RoleKind.objects.get(code="mvno")
    form = filled_in(ada, url(RoleKind, "change", kind.pk)) | {"allowed_approve_settlement": level}

    answer = ada.post(url(RoleKind, "change", kind.pk), form)

    assert "allowed" in answer.context["adminform"].form.errors
    assert RoleKind.objects.get(pk=kind.pk).demands == {}


def test_a_role_kind_needs_a_credential(ada: Client) -> None:
    kind = RoleKind.objects.get(code="mvno")
    form = filled_in(ada, url(RoleKind, "change", kind.pk))
    form.pop("credential_kinds")

    answer = ada.post(url(RoleKind, "change", kind.pk), form)

    assert "credential_kinds" in answer.context["adminform"].form.errors


def test_a_suspended_role_says_why_on_the_partner_s_stream(acme: Partner, ada: Client) -> None:
    form = filled_in(ada, url(Partner, "change", acme.pk)) | {"roles-0-status": "suspended"}

    refused = ada.post(url(Partner, "change", acme.pk), form)
    accepted = ada.post(
        url(Partner, "change", acme.pk), form | {"roles-0-status_reason": "Invoices unpaid since spring"}
    )

    assert "status_reason" in refused.context["inline_admin_formsets"][0].formset.errors[0]
    assert accepted.status_code == 302
    entry = told(acme.stream, "partner_role.status_changed")
    assert entry.facts["came_from"] == "active"
    assert entry.facts["status"] == "suspended"
    assert entry.text("reason") == "Invoices unpaid since spring"
    assert acme.roles.get().status == "suspended"


def place_of(membership: Membership, form: dict[str, Any]) -> str:
    """What the fields of this membership begin with."""
    ids = {key: value for key, value in form.items() if key.startswith("memb") and key.endswith("-id")}
    return next(key.removesuffix("-id") for key, value in ids.items() if value == membership.pk)


def test_the_last_administrator_is_not_dismissed_here_either(acme: Partner, ada: Client) -> None:
    anna = a_person_of(acme, "Anna Acheson", is_administrator=True).memberships.get()
    form = filled_in(ada, url(Partner, "change", acme.pk))
    place = place_of(anna, form)
    del form[f"{place}-is_administrator"]

    refused = ada.post(url(Partner, "change", acme.pk), form)

    told_why = [str(error) for one in refused.context["inline_admin_formsets"] for error in one.non_form_errors()]
    assert told_why == ["This is the only administrator. Make somebody else administrator first."]
    anna.refresh_from_db()
    assert anna.is_administrator


def test_the_last_administrator_gets_no_end_date(acme: Partner, ada: Client) -> None:
    anna = a_person_of(acme, "Anna Acheson", is_administrator=True).memberships.get()
    form = filled_in(ada, url(Partner, "change", acme.pk))
    place = place_of(anna, form)

    refused = ada.post(url(Partner, "change", acme.pk), form | {f"{place}-valid_until": "2099-12-31"})

    told_why = [str(error) for one in refused.context["inline_admin_formsets"] for error in one.non_form_errors()]
    assert told_why == ["One of the administrators has to stay without an end date."]


def test_the_account_of_a_last_administrator_is_not_closed(acme: Partner, ada: Client) -> None:
    anna = a_person_of(acme, "Anna Acheson", is_administrator=True)
    form = filled_in(ada, url(User, "change", anna.pk))
    del form["is_active"]

    refused = ada.post(url(User, "change", anna.pk), form)
    assert "This is the only administrator of Acme Wholesale." in refused.text
    a_person_of(acme, "Ann Berry", is_administrator=True)
    ada.post(url(User, "change", anna.pk), form)

    anna.refresh_from_db()
    assert not anna.is_active


def test_an_invitation_is_withdrawn_and_on_the_record(acme: Partner, ada: Client) -> None:
    invitation = onboarding.invite(acme, "nina@acme.example.org", roles=[], actor=SYSTEM, at=timezone.now())
    chosen = {"action": "withdraw", "_selected_action": [str(invitation.pk)]}

    ada.post(url(Invitation, "changelist"), chosen)

    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    assert told(acme.stream, "person.invitation_withdrawn").actor_kind == "representative"


def test_a_suspended_partner_says_why_on_its_stream(acme: Partner, ada: Client) -> None:
    a_contact(acme, "office@acme.example.org")  # of the same kind and purpose as the one that is there
    form = filled_in(ada, url(Partner, "change", acme.pk)) | {"status": "suspended"}

    refused = ada.post(url(Partner, "change", acme.pk), form)
    ada.post(url(Partner, "change", acme.pk), form | {"status_reason": "Sanctions check"})

    assert "status_reason" in refused.context["adminform"].form.errors
    assert told(acme.stream, "partner.status_changed").text("reason") == "Sanctions check"


def test_a_contact_gets_its_comparable_form(acme: Partner, ada: Client) -> None:
    form = filled_in(ada, url(Partner, "change", acme.pk)) | {"contacts-0-value": "Invoices@Acme.Example.org"}

    ada.post(url(Partner, "change", acme.pk), form)

    assert acme.contacts.get().key == "invoices@acme.example.org"


def test_the_same_contact_twice_is_refused_at_the_form(acme: Partner, ada: Client) -> None:
    form = filled_in(ada, url(Partner, "change", acme.pk)) | {
        "contacts-TOTAL_FORMS": "2",
        "contacts-1-partner": acme.pk,
        "contacts-1-medium": "email",
        "contacts-1-value": "BILLING@acme.example.org",
        "contacts-1-purpose": "general",
    }

    answer = ada.post(url(Partner, "change", acme.pk), form)

    assert answer.status_code == 200
    assert acme.contacts.count() == 1


def test_other_hours_make_the_next_version(ada: Client) -> None:
    calendar = OfficeCalendarFactory.create()
    form = filled_in(ada, url(BusinessCalendar, "change", calendar.pk))

    unchanged = ada.post(url(BusinessCalendar, "change", calendar.pk), form)
    changed = ada.post(
        url(BusinessCalendar, "change", calendar.pk),
        form | {"weekly_hours": json.dumps([[["08:00", "12:00"], ["13:00", "17:00"]]] * 5 + [[], []])},
    )

    assert (unchanged.status_code, changed.status_code) == (302, 302)
    assert list(calendar.versions.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert calendar.versions.get(number=1).weekly_hours[0] == [["09:00", "17:00"]]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("weekly_hours", "[[], [], [], [], [], [], []]"),
        ("weekly_hours", '[[["17:00", "09:00"]], [], [], [], [], [], []]'),
        ("weekly_hours", "monday"),
        ("time_zone", "Mars/Olympus"),
        ("country", "XX"),
        ("region", "XX"),
        ("closed_dates", '["24.12.2026"]'),
        ("open_dates", "7"),
    ],
)
def test_hours_that_make_no_calendar_are_refused_at_the_field(ada: Client, field: str, value: str) -> None:
    calendar = OfficeCalendarFactory.create()
    form = filled_in(ada, url(BusinessCalendar, "change", calendar.pk)) | {field: value}

    answer = ada.post(url(BusinessCalendar, "change", calendar.pk), form)

    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]
    assert calendar.versions.count() == 1


def test_an_edit_of_a_policy_is_its_next_version(acme: Partner, ada: Client) -> None:
    version = acme.policies.get()
    address = url(ServicePolicy, "change", version.policy_id)
    form = filled_in(ada, address)

    ada.post(address, form | {"name": "Acme, as agreed"})
    ada.post(address, form | {"resolution": "20:00:00", "escalation_leads": "150; 90 %", "escalation_above": ""})

    policy = version.policy
    policy.refresh_from_db()
    assert [each.resolution for each in policy.versions.order_by("number")] == [
        timedelta(hours=16),
        timedelta(hours=20),
    ]
    newest = policy.versions.get(number=2)
    assert (policy.name, newest.partner, newest.created_by) == (
        "Acme, as agreed",  # by somebody else meanwhile
        acme,
        User.objects.get(name="Ada Brandt"),
    )
    assert newest.escalation == {"owner": [75, 100], "leads": [90, 150], "partner": [100], "partner_escalation": [150]}
    assert changes_of("installation")[-1]["row"] == policy.pk


def test_a_row_of_a_page_is_saved_as_carefully_as_the_page(acme: Partner, ada: Client) -> None:
    address = url(Partner, "change", acme.pk)
    read = filled_in(ada, address)
    theirs = acme.contacts.get()
    Contact.objects.filter(pk=theirs.pk).update(name="Accounts", is_preferred=True)

    assert ada.post(address, read | {"agreements-0-title": "Wholesale, amended"}).status_code == 302
    theirs.refresh_from_db()
    assert (theirs.name, theirs.is_preferred) == ("Accounts", True)
    assert acme.agreements.get().title == "Wholesale, amended"

    asked = ada.post(address, read | {"contacts-0-name": "Billing desk"})
    assert "Theirs: Accounts. Before: nothing." in asked.text
    again = {name: value for name, value in read.items() if name != "contacts-0-before"}
    again |= {"contacts-0-name": "Billing desk", "contacts-0-is_preferred": "on"}
    assert ada.post(address, again).status_code == 302
    theirs.refresh_from_db()
    assert theirs.name == "Billing desk"


def test_only_what_two_people_changed_in_a_page_of_the_admin_is_asked_about(acme: Partner, ada: Client) -> None:
    address = url(Partner, "change", acme.pk)
    read = filled_in(ada, address)
    Partner.objects.filter(pk=acme.pk).update(handling_notes="Call first.", country="NL")

    asked = ada.post(address, read | {"handling_notes": "Never call.", "region": "BE"})

    assert list(asked.context["adminform"].form.errors) == ["handling_notes"]
    assert "Theirs: Call first.. Before: nothing." in asked.text
    assert "Never call." in asked.text
    again = {**read, "handling_notes": "Never call.", "region": "BE", "before": before_in(asked)}
    assert ada.post(address, again | {"country": "NL"}).status_code == 302
    acme.refresh_from_db()
    assert (acme.handling_notes, acme.country, acme.region) == ("Never call.", "NL", "BE")


def before_in(page: Any) -> str:
    return str(page.context["adminform"].form["before"].value())


@pytest.mark.parametrize(
    ("field", "value", "told_at"),
    [
        ("first_response", "", "first_response"),
        ("first_response", "90:00:00", "__all__"),
        ("effective_until", "2001-01-01", "__all__"),
        ("escalation_owner", "soon", "escalation_owner"),
        ("reminders_partner", "50, 1001", "reminders_partner"),
        ("calendar", "", "calendar"),
    ],
)
def test_what_makes_no_policy_is_refused(acme: Partner, ada: Client, field: str, value: str, told_at: str) -> None:
    policy = acme.policies.get().policy
    form = filled_in(ada, url(ServicePolicy, "change", policy.pk)) | {field: value}

    answer = ada.post(url(ServicePolicy, "change", policy.pk), form)

    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [told_at]
    assert policy.versions.count() == 1


def test_a_new_policy_begins_with_its_first_version(acme: Partner, ada: Client) -> None:
    form = filled_in(ada, url(ServicePolicy, "add"))
    calendar = acme.policies.get().calendar_id
    promised = {"calendar": calendar, "first_response": "1:00:00", "resolution": "2:00:00", "silence_limit": "3:00:00"}

    answer = ada.post(url(ServicePolicy, "add"), form | promised | {"name": "New", "effective_from": "2026-01-01"})

    assert answer.status_code == 302
    version = ServicePolicy.objects.get(name="New").versions.get()
    assert (version.number, version.partner, version.escalation["owner"]) == (1, None, [75, 100])


def test_a_new_person_has_no_password_until_one_is_set(ada: Client) -> None:
    ada.post(
        url(User, "add"),
        {"email": "New.Colleague@Example.org", "name": "New Colleague", "time_zone": "Europe/Berlin", "language": "en"},
    )
    colleague = User.objects.get(email="new.colleague@example.org")
    assert not colleague.has_usable_password()

    ada.post(
        f"/admin/partners/user/{colleague.pk}/password/",
        {"password1": "seven red bicycles", "password2": "seven red bicycles", "usable_password": "true"},
    )

    colleague.refresh_from_db()
    assert colleague.check_password("seven red bicycles")
    assert [change["done"] for change in changes_of("installation")] == ["added", "changed"]


def test_no_secret_is_shown_and_a_credential_can_be_revoked(acme: Partner, ada: Client) -> None:
    role = a_role(acme, "infrastructure-provider")
    issued = credentials.issue_device_key(role, "Probe", actor=SYSTEM, at=timezone.now())
    page = ada.get(url(Credential, "change", issued.credential.pk)).content.decode()

    ada.post(
        url(Credential, "changelist"), {"action": "revoke", "_selected_action": [issued.credential.pk]}, follow=True
    )

    assert issued.identifier in page
    assert issued.credential.secret_digest not in page
    assert Credential.objects.get(pk=issued.credential.pk).revoked_at is not None


def a_helper_with(*codenames: str) -> Client:
    helper = a_representative("Hanna Weiss", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return signed_in(helper)


def test_who_may_only_look_cannot_revoke(acme: Partner) -> None:
    identifier, _secret = a_machine_client(acme)
    credential = Credential.objects.get(identifier=identifier)
    hanna = a_helper_with("view_credential")

    assert hanna.get(url(Credential, "change", credential.pk)).status_code == 200
    hanna.post(url(Credential, "changelist"), {"action": "revoke", "_selected_action": [credential.pk]}, follow=True)

    credential.refresh_from_db()
    assert credential.revoked_at is None


def test_who_may_change_people_cannot_rise_above_them(acme: Partner) -> None:
    paul, ada = User.objects.get(name="Paul Acheson"), an_administrator()
    hanna = a_helper_with("view_user", "change_user")
    form = filled_in(hanna, url(User, "change", paul.pk)) | {"name": "Paul A. Acheson"}

    accepted = hanna.post(url(User, "change", paul.pk), form | {"is_superuser": "on", "is_staff": "on"})
    password = {"password1": "seven red bicycles", "password2": "seven red bicycles", "usable_password": "true"}
    refused = hanna.post(f"/admin/partners/user/{ada.pk}/password/", password)

    paul.refresh_from_db()
    assert accepted.status_code == 302
    assert (paul.name, paul.is_superuser, paul.is_staff) == ("Paul A. Acheson", False, False)
    assert refused.status_code == 403


def test_an_entry_is_found_by_the_number_of_its_interaction(acme: Partner, ada: Client) -> None:
    wanted, other = an_interaction(acme), an_interaction(acme)

    page = ada.get(url(RecordEntry, "changelist"), {"q": wanted.number})

    streams = {entry.stream for entry in page.context["cl"].queryset}
    assert streams == {wanted.stream}
    assert other.stream not in streams


def test_a_saml_sign_on_gets_its_key_when_stored_and_the_next_one_by_an_action(acme: Partner, ada: Client) -> None:
    given = filled_in(ada, url(SingleSignOn, "add")) | {
        "partner": acme.pk,
        "name": "Acme",
        "slug": "acme",
        "kind": "saml",
        "issuer": "https://login.acme.example",
        "sign_in_url": "https://login.acme.example/saml",
        "certificates": key_pair("provider")[1],
        "is_active": "on",
    }
    stored = ada.post(url(SingleSignOn, "add"), given)
    sign_on = SingleSignOn.objects.get()
    first = sign_on.signing_certificate
    assert (stored.status_code, "BEGIN CERTIFICATE" in first) == (302, True)
    assert "/account/company/acme/metadata/" in ada.get(url(SingleSignOn, "change", sign_on.pk)).content.decode()

    for action in ("change_over", "prepare_key", "prepare_key", "change_over"):
        chosen = {"action": action, "_selected_action": [sign_on.pk]}
        assert ada.post(url(SingleSignOn, "changelist"), chosen).status_code == 302

    sign_on.refresh_from_db()
    assert sign_on.signing_certificate not in ("", first)
    assert sign_on.next_certificate == ""
    assert told(acme.stream, "single_sign_on.key_changed").actor_label == "Ada Brandt"


def test_staff_unlink_a_person(acme: Partner, ada: Client) -> None:
    identity = SignOnIdentity.objects.create(
        sign_on=a_sign_on(acme), user=acme.memberships.get().user, subject="paul-1", used_at=timezone.now()
    )

    ada.post(url(SignOnIdentity, "changelist"), {"action": "unlink", "_selected_action": [identity.pk]})

    assert not SignOnIdentity.objects.exists()


def test_the_secret_of_a_sign_on_is_written_and_never_shown(acme: Partner, ada: Client) -> None:
    sign_on = a_sign_on(acme)
    SingleSignOn.objects.filter(pk=sign_on.pk).update(client_secret="CANARY-secret")
    page = url(SingleSignOn, "change", sign_on.pk)

    assert "CANARY" not in ada.get(page).content.decode()
    assert ada.post(page, filled_in(ada, page) | {"client_secret": "", "name": "Acme people"}).status_code == 302

    sign_on.refresh_from_db()
    assert (sign_on.name, sign_on.client_secret) == ("Acme people", "CANARY-secret")
