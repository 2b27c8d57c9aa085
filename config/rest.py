"""How the API answers, for Django REST framework, and what its OpenAPI document says of itself, for drf-spectacular."""

FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["partners.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["partners.api.permissions.IsKnown"],
    "DEFAULT_RENDERER_CLASSES": ["partners.api.renderers.UTF8JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["partners.api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "partners.api.errors.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,  # ?format= is no switch of ours
}

DOCUMENT = {
    "TITLE": "Business Partner Interaction Management",
    "VERSION": "0.1.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "DESCRIPTION": "Interactions between the enterprise and its business partners, as TM Forum's TMF683 has them.",
    "TAGS": [{"name": "partyInteraction"}, {"name": "hub"}, {"name": "devices"}, {"name": "telephony"}],
    "ENFORCE_NON_BLANK_FIELDS": True,  # what is mandatory may not be empty either
    "POSTPROCESSING_HOOKS": [],  # closed lists stand where they are used
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}
