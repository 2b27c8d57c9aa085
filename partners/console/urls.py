from django.urls import path

from partners.console import access, people, views

app_name = "console-partners"

urlpatterns = [
    path("partners/", views.partner_list, name="list"),
    path("partners/<int:partner_id>/", views.partner_page, name="page"),
    path("partners/<int:partner_id>/people/", people.people, name="people"),
    path("partners/<int:partner_id>/people/invite/", people.invite, name="invite"),
    path(
        "partners/<int:partner_id>/people/invitations/<int:invitation_id>/", people.invitation, name="open_invitation"
    ),
    path("partners/<int:partner_id>/people/<int:membership_id>/", people.person, name="person"),
    path("partners/<int:partner_id>/access/", access.keys, name="keys"),
    path("partners/<int:partner_id>/access/new/", access.new_key, name="new_key"),
    path("partners/<int:partner_id>/access/<int:credential_id>/", access.key, name="key"),
    path("partners/<int:partner_id>/access/<int:credential_id>/secret/", access.rotate_key, name="rotate_key"),
    path("partners/<int:partner_id>/access/<int:credential_id>/revoke/", access.revoke_key, name="revoke_key"),
]
