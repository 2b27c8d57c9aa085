"""Who somebody is by the word of their company: what an answer says once everything about it has been checked."""

from dataclasses import dataclass, field


class AnswerRefused(Exception):
    """An identity provider, or whoever plays one, answered something that proves nothing."""


class ProviderUnreachable(Exception):
    """The identity provider did not answer, or not what its protocol says."""


@dataclass(frozen=True, kw_only=True)
class Claims:
    """How one provider names what we read of a person, and which of its words mean two factors."""

    subject: str = ""
    email: str = ""
    name: str = ""
    roles: str = ""
    second_factor: str = ""
    second_factor_values: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A person as their company's provider describes them; `subject` is its lasting name for them.

    `is_address_verified` is None where the provider does not say.
    """

    subject: str
    email: str = ""
    name: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    has_second_factor: bool = False
    is_address_verified: bool | None = None
