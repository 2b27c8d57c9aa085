"""A mail as it looked to its sender, made harmless: headers as text, HTML without script, forms and anything remote."""

from dataclasses import dataclass
from email.message import EmailMessage

import nh3

from interactions.channels import charsets, email, mail_headers, mail_parts, text

MOST_HTML = 2_000_000
MOST_HEADER = 1000
SHOWN = ("From", "To", "Cc", "Date", "Subject")
STYLED = {
    "style",
    "align",
    "valign",
    "bgcolor",
    "width",
    "height",
    "border",
    "cellpadding",
    "cellspacing",
    "color",
    "face",
}
TAGS = (nh3.ALLOWED_TAGS | {"font", "center"}) - {"img", "map", "area"}
ATTRIBUTES = {tag: set(nh3.ALLOWED_ATTRIBUTES.get(tag, set())) | STYLED for tag in TAGS}
PROPERTIES = {
    *("color", "background-color", "font", "font-size", "font-family", "font-weight", "font-style", "text-align"),
    *("text-decoration", "line-height", "vertical-align", "white-space", "list-style-type"),
    *("margin", "margin-top", "margin-right", "margin-bottom", "margin-left"),
    *("padding", "padding-top", "padding-right", "padding-bottom", "padding-left"),
    *("border", "border-top", "border-right", "border-bottom", "border-left", "border-collapse", "width", "max-width"),
}


@dataclass(frozen=True, kw_only=True)
class MailView:
    """What is shown of a mail; `html` is empty where it brought none."""

    headers: list[tuple[str, str]]
    html: str
    text: str


def of(raw: bytes) -> MailView:
    """Raises `Unreadable` for what is no mail."""
    message = email.parse(raw)
    part = html_part(message)
    return MailView(
        headers=[(name, told) for name in SHOWN if (told := header(message, name))],
        html=clean(charsets.decode(*content(part))) if part is not None else "",
        text=mail_parts.body(message),
    )


def header(message: EmailMessage, name: str) -> str:
    if name == "Subject":
        return mail_headers.subject(message)
    try:
        return text.flatten(str(message.get(name, "")), most=MOST_HEADER)
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):
        return ""  # a header that the library cannot read


def html_part(message: EmailMessage) -> EmailMessage | None:
    """The first part that is HTML and no file."""
    for part in message.walk():
        if part.get_content_type() == "text/html" and part.get_content_disposition() != "attachment":
            return part
    return None


def content(part: EmailMessage) -> tuple[bytes, str]:
    """The bytes of a part, and the character set that it claims."""
    told = mail_parts.content_of(part)[: MOST_HTML * 4]
    return told, str(part.get_content_charset("") or "")


def clean(html: str) -> str:
    """Nothing that runs, loads or posts; links open elsewhere and tell nobody where they were."""
    return nh3.clean(
        text.clean(html, most=MOST_HTML),
        tags=TAGS,
        clean_content_tags={"script", "style", "title", "head"},
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        filter_style_properties=PROPERTIES,
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
