from rest_framework.renderers import JSONRenderer


class UTF8JSONRenderer(JSONRenderer):
    """JSON that names its character set, as the version 4 specifications have it."""

    charset = "utf-8"
