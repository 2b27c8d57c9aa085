"""What is said in the demo world, and over which channel: the opening, the lines of a script, and the odd file."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from config.demo import errands
from config.demo.matters import Line
from interactions.domain import conversation, intake, lifecycle
from interactions.domain.conversation import Saying
from interactions.domain.lifecycle import Words
from interactions.enums import Direction, ItemKind, Move, Side
from interactions.models import Interaction
from interactions.payloads import File, Intake
from partners.enums import Channel
from partners.payloads import Actor

if TYPE_CHECKING:
    from config.demo.stories import Story

MACHINES = {Channel.API, Channel.DEVICE, Channel.DOCUMENT}
REASONS = ["The same thing happened again this morning.", "One part of our question is still open."]
SORRY = Line(who="we", text="Thank you for telling us. We have taken it up again and look at the part that is left.")
QUESTION = Line(
    who="ask",
    text="To go on we need a confirmation of the details from you. Could you check them and answer here?",
    waiting_for="a confirmation of the details",
)


def opener(story: "Story") -> Actor | None:
    """Who hands the opening in; nobody is signed in when a mail arrives."""
    if story.matter.direction == Direction.OUTBOUND or story.channel in {Channel.PHONE, Channel.POST}:
        return story.us
    if story.channel == Channel.EMAIL:
        return None
    if story.channel in MACHINES:
        return story.company.machine(story.role)
    return story.them


def opening(story: "Story", at: datetime) -> Intake:
    """The first contact as its channel hands it in."""
    matter = story.matter
    is_ours = matter.direction == Direction.OUTBOUND
    is_call = story.channel == Channel.PHONE
    is_by_mail = story.channel == Channel.EMAIL and not is_ours
    text = f"{greeting(story, is_ours=is_ours)}{story.fill(matter.opening)}{signature(story, is_ours=is_ours)}"
    is_answered = matter.quick and is_call
    return Intake(
        channel=story.channel,
        direction=matter.direction,
        kind=matter.kind,
        type_code=matter.type,
        subject=story.fill(matter.subject),
        text=story.fill(matter.opening) if is_call or story.channel in MACHINES else text,
        happened_at=at,
        ended_at=at + timedelta(minutes=story.chance.randint(2, 11)) if is_call else None,
        partner_id=story.company.partner.pk,
        role_id=story.company.roles[story.role].pk,
        priority=matter.priority,
        values={name: story.fill(value) for name, value in matter.values.items()},
        sender=sender(story, is_ours=is_ours),
        sender_name=story.person.name if is_call or story.channel == Channel.POST else "",
        external_id=external_id(story, "opening") if is_by_mail or story.channel in MACHINES else "",
        scope=story.company.domain if story.channel in MACHINES else "",
        original=letter(story, text) if is_by_mail else None,
        files=[*enclosed(story, matter.opening), *errands.files(story, matter, at)],
        recipients=[story.person.email] if is_ours else [],
        is_closed_at_once=is_answered,
        resolution=story.fill(matter.resolution) if is_answered else "",
    )


def say(story: "Story", interaction: Interaction, line: Line, at: datetime) -> None:
    """Play one line of the script."""
    text = story.fill(line.text)
    if line.who == "note":
        conversation.note(interaction, text, actor=story.us, at=at)
    elif line.who == "they":
        answer(story, interaction, text, at)
    elif line.who == "await":
        lifecycle.make_move(interaction, Move.ASK, actor=story.us, at=at, words=awaited(story, line, at))
    else:
        said = f"{greeting(story, is_ours=True)}{text}{signature(story, is_ours=True)}"
        saying = Saying(
            text=said, side=Side.ENTERPRISE, channel=written(story), files=enclosed(story, line.text, is_ours=True)
        )
        if line.who == "ask":
            conversation.ask(interaction, saying, awaited(story, line, at), actor=story.us, at=at)
        else:
            conversation.say(interaction, saying, actor=story.us, at=at)


def answer(story: "Story", interaction: Interaction, text: str, at: datetime) -> None:
    """The partner speaks: by mail, in the portal, or on the phone, where we write it down."""
    channel = story.chance.choice([story.channel, story.channel, Channel.EMAIL, Channel.WEB, Channel.PHONE])
    if channel == Channel.PHONE:
        saying = Saying(text=text, side=Side.PARTNER, channel=channel, ended_at=at + timedelta(minutes=4))
        conversation.say(interaction, saying, actor=story.us, at=at)
        return
    is_mail = channel == Channel.EMAIL
    handed_in = Intake(
        channel=Channel.EMAIL if is_mail else Channel.WEB,
        direction=Direction.INBOUND,
        kind=ItemKind.RESPONSE,
        subject=f"Re: {interaction.subject}"[:500],
        text=text + signature(story, is_ours=False) if is_mail else text,
        happened_at=at,
        sender=story.person.email if is_mail else "",
        external_id=external_id(story, f"{at:%m%d%H%M%S}") if is_mail else "",
        files=enclosed(story, text),
        reply_to=interaction.pk,
    )
    intake.receive(handed_in, actor=None if is_mail else story.them, at=at)


def awaited(story: "Story", line: Line, at: datetime) -> Words:
    until = story.pace.after(at, 60, story.chance)
    return Words(waiting_for=story.fill(line.waiting_for), waiting_until=until.replace(minute=0, second=0))


def written(story: "Story") -> Channel:
    """We answer in writing: by mail who writes mails, in the portal everybody else."""
    return Channel.EMAIL if story.channel in {Channel.EMAIL, Channel.POST, Channel.PHONE} else Channel.WEB


def greeting(story: "Story", *, is_ours: bool) -> str:
    first = story.person.get_short_name() if is_ours else story.ours.get_short_name()
    return f"Hello {first},\n\n"


def signature(story: "Story", *, is_ours: bool) -> str:
    return f"\n\nKind regards\n{story.ours.name if is_ours else story.person.name}"


def sender(story: "Story", *, is_ours: bool) -> str:
    if is_ours:
        return ""
    return {Channel.EMAIL: story.person.email, Channel.PHONE: story.company.phones[story.person.pk]}.get(
        story.channel, ""
    )


def external_id(story: "Story", what: str) -> str:
    return f"{story.number}.{what}@{story.company.domain}"


def enclosed(story: "Story", text: str, *, is_ours: bool = False) -> list[File]:
    """A small file where the words speak of one."""
    if "attached" not in text and "enclose" not in text:
        return []
    rows = [f"{day};{story.chance.randint(1_000, 90_000)}" for day in range(1, 8)]
    name = f"{'statement' if is_ours else 'enclosure'}-{story.number}.csv"
    return [File(name=name, content="\n".join(["day;quantity", *rows, ""]).encode(), content_type="text/csv")]


def letter(story: "Story", text: str) -> File:
    """The mail as it came in."""
    lines = [
        f"From: {story.person.name} <{story.person.email}>",
        "To: Partner Desk <partner-desk@mail.example.org>",
        f"Subject: {story.fill(story.matter.subject)}",
        f"Message-ID: <{external_id(story, 'opening')}>",
        f"Date: {story.begins_at:%a, %d %b %Y %H:%M:%S} +0000",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    content = "\r\n".join([*lines, "", *text.splitlines(), ""])
    return File(name="message.eml", content=content.encode(), content_type="message/rfc822")
