"""Django's own command, which also knows the name that our modules give to `gettext_lazy` beside `gettext`."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=lazy"]
