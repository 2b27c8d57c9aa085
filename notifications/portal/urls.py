from django.urls import path

from notifications.portal import webhook_log, webhooks

app_name = "portal-notifications"

urlpatterns = [
    path("organisation/webhooks/", webhooks.endpoints, name="webhooks"),
    path("organisation/webhooks/new/", webhooks.new_endpoint, name="new_webhook"),
    path("organisation/webhooks/<int:subscription_id>/", webhook_log.endpoint, name="webhook"),
    path("organisation/webhooks/<int:subscription_id>/secret/", webhooks.rotate, name="rotate_webhook"),
    path("organisation/webhooks/<int:subscription_id>/act/", webhooks.act, name="act_on_webhook"),
    path("organisation/webhooks/<int:subscription_id>/<int:event_id>/", webhook_log.event, name="webhook_event"),
    path("organisation/webhooks/<int:subscription_id>/<int:event_id>/again/", webhook_log.again, name="webhook_again"),
]
