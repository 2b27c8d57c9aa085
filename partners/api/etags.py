"""Which version of a resource a client holds."""

from rest_framework.request import Request


def of_version(version: int) -> str:
    return f'"{version}"'


def is_held(request: Request, etag: str) -> bool:
    """Whether `If-None-Match` names this version, so that it need not be sent again."""
    told = request.META.get("HTTP_IF_NONE_MATCH", "")
    return etag in {one.strip().removeprefix("W/") for one in told.split(",")} or told.strip() == "*"
