"""The map of the fence: which rows of each table the requests of a partner may reach, in PostgreSQL itself.

Every table of the database stands here, and a test fails for one that does not. A new table gets one line:

    "interactions_survey": of_partner(),                          it has a column partner_id
    "interactions_answer": within("interactions_survey"),         it has a column survey_id; its survey is fenced
    "interactions_hint": NEVER,                                   the enterprise's alone
    "interactions_colour": Open("the same for all"),              no row of it is anybody's

`manage.py migrate` makes row-level security of it. For the enterprise's role every policy is plainly true and no plan
of a query changes; the application's own role reaches what its transaction says it is for (`partners/domain/fence.py`)
and, when it says nothing, no row at all. These conditions are the net: the rules and `visible_to` come first, and
hide more within a partner than is written here.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import connections
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor, sql

PARTNER = "nullif(current_setting('bpim.partner', true), '')::bigint"
PERSON = "nullif(current_setting('bpim.person', true), '')::bigint"


@dataclass(frozen=True)
class Open:
    """A table without row-level security, and why nobody's rows are in it."""

    why: str


@dataclass(frozen=True)
class Fence:
    """Conditions under which a partner reads a row, changes or removes it, and adds one; empty for never."""

    reads: str = ""
    writes: str = ""
    adds: str = ""


NEVER = Fence()


def if_(condition: str) -> Fence:
    """The same condition for everything."""
    return Fence(reads=condition, writes=condition, adds=condition)


def of_partner(column: str = "partner_id", *, also: str = "true") -> Fence:
    """Rows that name the partner."""
    own = f"{column} = {PARTNER}"
    return if_(own if also == "true" else f"{own} AND {also}")


def of_partner_until(begins: str, changes: str) -> Fence:
    """Rows that name the partner, which it begins so and changes no further: the rest is the enterprise's to decide."""
    own = of_partner()
    return Fence(reads=own.reads, writes=of_partner(also=changes).writes, adds=of_partner(also=begins).adds)


def of_person(column: str = "user_id") -> Fence:
    """Rows of the person's own account."""
    return if_(f"{column} = {PERSON}")


def seen(table: str, condition: str) -> str:
    """That a row of a fenced table fits and may itself be reached: its own policy applies inside."""
    return f"EXISTS (SELECT FROM {table} AS that WHERE {condition})"


def within(table: str, column: str = "") -> Fence:
    """Rows that belong to one of a fenced table; the column is named after it if not given."""
    return if_(seen(table, f"that.id = {column or table.partition('_')[2] + '_id'}"))


MEMBER = seen("partners_membership", "that.user_id = {column}")
COLLEAGUE = f"(id = {PERSON} OR {MEMBER.format(column='partners_user.id')})"
ORDINARY = "NOT (is_representative OR is_staff OR is_superuser)"
CLIENT = seen("partners_credential", "that.identifier = {column}")


def of_person_seen_by_colleagues(table: str) -> Fence:
    """Rows of the person's own account, which the others of the partner may read."""
    own = of_person()
    return Fence(reads=f"{own.reads} OR {MEMBER.format(column=f'{table}.user_id')}", writes=own.writes, adds=own.adds)


OF_INTERACTION = within("interactions_interaction")

TABLES: Mapping[str, Fence | Open] = {
    # partners
    "partners_partner": of_partner("id"),
    "partners_partnerrole": of_partner(),
    "partners_agreement": of_partner(),
    "partners_contact": of_partner(),
    "partners_membership": of_partner(),
    "partners_membership_roles": if_(
        seen("partners_membership", "that.id = membership_id")
        + " AND "
        + seen("partners_partnerrole", "that.id = partnerrole_id")
    ),
    "partners_credential": within("partners_partnerrole", "role_id"),
    "partners_idempotencykey": if_(CLIENT.format(column="substr(caller, 8)")),  # "client:" and the identifier
    "partners_singlesignon": of_partner(),
    "partners_signonrole": within("partners_singlesignon", "sign_on_id"),
    "partners_signonidentity": within("partners_singlesignon", "sign_on_id"),
    "partners_signonanswer": within("partners_singlesignon", "sign_on_id"),
    "partners_bankaccount": of_partner_until("status = 'proposed'", "status IN ('proposed', 'withdrawn')"),
    "partners_invitation": of_partner(),
    "partners_invitation_roles": within("partners_invitation"),
    "partners_absence": if_(MEMBER.format(column="partners_absence.user_id")),
    "partners_policyversion": Fence(reads=f"partner_id IS NULL OR partner_id = {PARTNER}"),
    "partners_servicepolicy": Fence(reads=seen("partners_policyversion", "that.policy_id = partners_servicepolicy.id")),
    "partners_user": Fence(reads=f"is_representative OR {COLLEAGUE}", writes=f"{ORDINARY} AND {COLLEAGUE}"),
    "partners_user_groups": NEVER,
    "partners_user_user_permissions": NEVER,
    "partners_recordentry": of_partner(also="event NOT LIKE 'note.%' AND event NOT LIKE 'reply.%'"),
    "partners_outboxmessage": Fence(adds="true"),  # what a partner does is announced; the relay is ours
    "partners_recordstream": Open("lengths and digests of chains"),
    "partners_checkpoint": NEVER,
    "partners_rolekind": Open("configuration"),
    "partners_staffrole": Open("configuration"),
    "partners_translation": Open("configuration"),
    "partners_businesscalendar": Open("configuration"),
    "partners_calendarversion": Open("configuration"),
    # interactions
    "interactions_interaction": of_partner(),
    "interactions_reader": OF_INTERACTION,
    "interactions_item": OF_INTERACTION,
    "interactions_attachment": OF_INTERACTION,
    "interactions_participant": OF_INTERACTION,
    "interactions_step": OF_INTERACTION,
    "interactions_clock": OF_INTERACTION,
    "interactions_clocksegment": within("interactions_clock"),
    "interactions_clockwarning": within("interactions_clock"),
    "interactions_turn": OF_INTERACTION,
    "interactions_orderline": OF_INTERACTION,
    "interactions_reference": OF_INTERACTION,
    "interactions_changerequest": OF_INTERACTION,
    "interactions_externalidentifier": of_partner(),
    "interactions_link": if_(
        seen("interactions_interaction", "that.id = interaction_id")
        + " AND "
        + seen("interactions_interaction", "that.id = other_id")
    ),
    "interactions_approval": of_partner_until("status = 'waiting'", "status IN ('waiting', 'void')"),
    "interactions_note": NEVER,
    "interactions_watcher": NEVER,
    "interactions_visit": NEVER,
    "interactions_mention": NEVER,
    "interactions_draft": NEVER,
    "interactions_draftfile": NEVER,
    "interactions_requestdraft": of_partner(also=f"author_id = {PERSON}"),
    "interactions_requestdraftfile": within("interactions_requestdraft", "draft_id"),
    "interactions_snippet": NEVER,
    "interactions_savedview": NEVER,
    "interactions_desk": NEVER,
    "interactions_batch": NEVER,
    "interactions_batchrow": NEVER,
    "interactions_call": NEVER,
    "interactions_callercheck": NEVER,
    "interactions_enquiry": NEVER,  # nobody's until an address is confirmed
    "interactions_enquiryfile": NEVER,
    "interactions_inboundmessage": NEVER,  # most of it is of senders nobody has vouched for
    "interactions_interactiontype": Open("configuration"),
    "interactions_typeversion": Open("configuration"),
    "interactions_plan": Open("configuration"),
    "interactions_planstep": Open("configuration"),
    "interactions_steppace": Open("paces of types"),
    "interactions_team": Open("configuration"),
    "interactions_teammember": Open("who of us works where"),
    "interactions_teammember_skills": Open("who of us can do what"),
    "interactions_skill": Open("configuration"),
    # notifications and reporting
    "notifications_subscription": within("partners_partnerrole", "role_id"),
    "notifications_delivery": within("notifications_subscription", "subscription_id"),  # mails are in nobody's log
    "notifications_preference": of_person(),
    "notifications_rhythm": of_person(),
    "reporting_day": NEVER,
    # the frameworks'
    "account_emailaddress": of_person(),
    "account_emailconfirmation": within("account_emailaddress", "email_address_id"),
    "mfa_authenticator": of_person_seen_by_colleagues("mfa_authenticator"),  # whether somebody has one; it is sealed
    "usersessions_usersession": of_person(),
    "allauth_idp_oidc_client": if_(CLIENT.format(column="allauth_idp_oidc_client.id")),
    "allauth_idp_oidc_token": if_(f"{CLIENT.format(column='client_id')} OR user_id = {PERSON}"),
    "django_admin_log": NEVER,
    "django_session": Open("sealed with their keys; read before it is known who asks"),
    "django_content_type": Open("names of tables"),
    "django_migrations": Open("names of migrations"),
    "auth_group": Open("configuration"),
    "auth_group_permissions": Open("configuration"),
    "auth_permission": Open("configuration"),
}
FENCED = tuple(table for table, fence in TABLES.items() if isinstance(fence, Fence))


def build(owner_alias: str, application_role: str) -> None:
    """Make the policies of the tables that are there; those that are as they should be stay untouched and unlocked."""
    with connections[owner_alias].cursor() as cursor:
        built = standing(cursor)
        for table, fence in TABLES.items():
            wanted = digest_of(fence, application_role)
            if table in built and built[table] != wanted:
                for statement in statements(table, fence, application_role, wanted):
                    cursor.execute(statement)


def standing(cursor: CursorWrapper | Cursor) -> dict[str, str]:
    """Every table of the database with the digest of the fence that stands there, "" for none."""
    cursor.execute("""
        SELECT relname,
               CASE WHEN relrowsecurity THEN coalesce(obj_description(policy.oid, 'pg_policy'), '-') ELSE '' END
        FROM pg_class LEFT JOIN pg_policy AS policy ON polrelid = pg_class.oid AND polname = 'enterprise'
        WHERE relnamespace = to_regnamespace(current_schema())::oid AND relkind IN ('r', 'p')
    """)
    return dict(cursor.fetchall())


def missing(cursor: Cursor) -> list[str]:
    """Fenced tables that are there without their fence."""
    built = standing(cursor)
    return [table for table in FENCED if table in built and not built[table]]


def digest_of(fence: Fence | Open, application_role: str) -> str:
    told = f"{fence} {application_role} {settings.DATABASE_ENTERPRISE_ROLE}"
    return "" if isinstance(fence, Open) else hashlib.sha256(told.encode()).hexdigest()[:16]


def statements(table: str, fence: Fence | Open, application_role: str, digest: str) -> Iterator[sql.Composable]:
    """From whatever policies of ours a table has to those it should have."""
    name = sql.Identifier(table)
    for policy in ("enterprise", "partner_reads", "partner_writes", "partner_removes", "partner_adds"):
        yield sql.SQL("DROP POLICY IF EXISTS {} ON {}").format(sql.Identifier(policy), name)
    if isinstance(fence, Open):
        yield sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(name)
    else:
        yield sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(name)
        enterprise = sql.Identifier(settings.DATABASE_ENTERPRISE_ROLE)
        yield sql.SQL("CREATE POLICY enterprise ON {} TO {} USING (true)").format(name, enterprise)
        yield sql.SQL("COMMENT ON POLICY enterprise ON {} IS {}").format(name, sql.Literal(digest))
        partner = sql.Identifier(application_role)
        for policy, condition, clause in (
            ("partner_reads", fence.reads, "FOR SELECT TO {} USING ({})"),
            ("partner_writes", fence.writes, "FOR UPDATE TO {} USING ({})"),
            ("partner_removes", fence.writes, "FOR DELETE TO {} USING ({})"),
            ("partner_adds", fence.adds, "FOR INSERT TO {} WITH CHECK ({})"),
        ):
            if condition:
                begins = sql.SQL("CREATE POLICY {} ON {} ").format(sql.Identifier(policy), name)
                # conditions are those of this file: nothing in them comes from outside
                yield begins + sql.SQL(clause).format(partner, sql.SQL(condition))
