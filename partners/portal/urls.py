from django.urls import path

from partners.portal import access, joining, people, sign_on, views

app_name = "portal-partners"

urlpatterns = [
    path("organisation/", views.organisation, name="organisation"),
    path("organisation/people/", people.people, name="people"),
    path("organisation/people/invite/", people.invite, name="invite"),
    path("organisation/people/invitations/<int:invitation_id>/", people.invitation, name="open_invitation"),
    path("organisation/people/<int:membership_id>/", people.person, name="person"),
    path("organisation/access/", access.keys, name="keys"),
    path("organisation/access/new/", access.new_key, name="new_key"),
    path("organisation/access/<int:credential_id>/", access.key, name="key"),
    path("organisation/access/<int:credential_id>/secret/", access.rotate_key, name="rotate_key"),
    path("organisation/access/<int:credential_id>/revoke/", access.revoke_key, name="revoke_key"),
    path("organisation/sign-on/", sign_on.sign_on, name="sign_on"),
    path("organisation/sign-on/people/<int:identity_id>/unlink/", sign_on.unlink, name="unlink"),
    path("acting/", views.act_as, name="act_as"),
]

joining_urls = [path("invitation/<str:token>/", joining.invitation, name="invitation")]
