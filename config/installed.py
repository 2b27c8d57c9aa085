"""The portal as an application on a phone: what it is called, how it looks, and what it shows without a connection."""

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from config.ui import PRODUCT_NAME, SURFACE

ICONS = (
    ("icons/192.png", "192x192", "any"),
    ("icons/512.png", "512x512", "any"),
    ("icons/whole-512.png", "512x512", "maskable"),
)


@login_not_required
@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """https://www.w3.org/TR/appmanifest/"""
    told = {
        "id": "/",
        "name": f"{settings.ENTERPRISE_NAME} · {PRODUCT_NAME}",
        "short_name": settings.ENTERPRISE_NAME,
        "lang": get_language(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": SURFACE["light"],
        "background_color": SURFACE["light"],
        "icons": [
            {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in ICONS
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown without a connection; it is kept in the browser, so nothing of anybody is in it."""
    return render(request, "offline.html")


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps that page and shows it; it has another name when what it keeps is another."""
    kept = [reverse("offline"), static("css/main.css"), static("logo.svg")]
    name = hashlib.sha256(f"{kept} {get_language()}".encode()).hexdigest()[:12]
    return render(request, "worker.js", {"kept": kept, "name": name}, content_type="text/javascript")
