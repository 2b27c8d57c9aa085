"""Several people at one interaction at once, doing anything: nothing is overwritten, and the record explains the state.

Hypothesis chooses what three people do at the same moment, round after round, against PostgreSQL with real commits.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from interactions.domain import conversation, custody, lifecycle, orchestration, ownership, plans
from interactions.domain.conversation import Saying
from interactions.enums import Move, Side, StepStatus
from interactions.errors import (
    AlreadyTaken,
    ChangedMeanwhile,
    MoveNotAllowed,
    NotAccepted,
    ReopenTooLate,
    StepNotOpen,
    StepsOpen,
)
from interactions.models import Interaction, Team, TeamMember
from partners.domain import verification
from partners.enums import Channel, Priority
from partners.models import User
from tests.factories.world import a_policy, a_representative, a_team, an_actor_for
from tests.interactions import retelling
from tests.interactions.stages import MONDAY, WORDS, at_once, branching, steps

REFUSALS = (AlreadyTaken, ChangedMeanwhile, MoveNotAllowed, NotAccepted, ReopenTooLate, StepNotOpen, StepsOpen)
KINDS = [
    "move",
    "say",
    "answer",
    "note",
    "take",
    "give_back",
    "finish",
    "hand_over_step",
    "assign",
    "hand_over",
    "priority",
]
ACT = st.tuples(st.sampled_from(KINDS), st.integers(0, 11), st.booleans())
LIVELY = [move for move in Move if move not in {Move.CANCEL, Move.ANNUL}]  # an end would end the example
MOVES = [*LIVELY, *LIVELY, Move.CANCEL]


class Office(RuleBasedStateMachine):
    """Three people of one team, and a matter with steps that run side by side."""

    @initialize()
    def open_a_matter(self) -> None:
        self.at = MONDAY
        self.interaction = branching()
        self.people = list(User.objects.filter(is_representative=True, name__startswith="Desk"))
        for user in self.people:
            for team in Team.objects.filter(code__in=["checkers", "elsewhere"]):
                TeamMember.objects.get_or_create(team=team, user=user)

    @rule(acts=st.lists(ACT, min_size=2, max_size=3))
    def act_at_once(self, acts: list[tuple[str, int, bool]]) -> None:
        self.at += timedelta(hours=1)
        seen = Interaction.objects.get(pk=self.interaction.pk)
        calls = [
            self.call(kind, number, seen, is_careful, user)
            for (kind, number, is_careful), user in zip(acts, self.people, strict=False)
        ]
        outcomes = at_once(*calls)
        strange = [
            outcome for outcome in outcomes if isinstance(outcome, Exception) and not isinstance(outcome, REFUSALS)
        ]
        import traceback

        for one in strange:
            traceback.print_exception(one)
        assert strange == []

    def call(self, kind: str, number: int, seen: Interaction, is_careful: bool, user: User) -> Callable[[], object]:
        """What one of them does; who is careful says which version it is based on."""
        actor = an_actor_for(user)
        known: dict[str, Any] = {"actor": actor, "at": self.at}
        based_on: dict[str, Any] = {"version": seen.version} if is_careful else {}
        step = steps(seen)[number % 4]
        team = Team.objects.get(code=["checkers", "elsewhere"][number % 2])
        side = Side.PARTNER if kind == "answer" else Side.ENTERPRISE
        verbs: dict[str, Callable[[], object]] = {
            "move": partial(lifecycle.make_move, seen, MOVES[number % len(MOVES)], words=WORDS, **known, **based_on),
            "say": partial(
                conversation.say, seen, Saying(text="News", side=side, channel=Channel.WEB), **known, **based_on
            ),
            "note": partial(conversation.note, seen, "Between us", **known),
            "take": partial(custody.take, step, user, **known, **based_on),
            "give_back": partial(custody.give_back, step, reason="No time", **known, **based_on),
            "finish": partial(orchestration.finish, step, outcome="Done", **known),
            "hand_over_step": partial(custody.hand_over, step, team, reason="Yours", **known, **based_on),
            "assign": partial(ownership.assign, seen, user if number % 3 else None, **known, **based_on),
            "hand_over": partial(ownership.hand_over, seen, team, reason="Yours", **known, **based_on),
            "priority": partial(ownership.set_priority, seen, Priority(number % 4 + 1), **known, **based_on),
        }
        return verbs["say" if kind == "answer" else kind]

    @invariant()
    def the_record_explains_the_state(self) -> None:
        if hasattr(self, "interaction"):
            assert retelling.by_record(self.interaction) == retelling.by_rows(self.interaction)

    @invariant()
    def the_chain_is_whole(self) -> None:
        if hasattr(self, "interaction"):
            verification.verify(stream=self.interaction.stream, folder=Path("/nonexistent"), public_key=None)

    @invariant()
    def no_step_is_open_before_what_it_comes_after(self) -> None:
        if hasattr(self, "interaction"):
            ended = {step.position for step in steps(self.interaction) if step.status in plans.ENDED}
            open_now = [step for step in steps(self.interaction) if step.status == StepStatus.OPEN]
            assert all(ended.issuperset(step.after) for step in open_now)


def test_whatever_several_people_do_at_once_the_record_explains_the_state(committed_db: dict[str, str]) -> None:
    a_policy()
    for name in ("Desk Ann", "Desk Bob", "Desk Cem"):
        a_representative(name)
    a_team("elsewhere")

    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=5,
            stateful_step_count=8,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
