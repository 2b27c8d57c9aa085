from django.urls import path

from partners.portal import joining, views

app_name = "portal-partners"

urlpatterns = [
    path("organisation/", views.organisation, name="organisation"),
    path("organisation/people/", views.people, name="people"),
    path("acting/", views.act_as, name="act_as"),
]

joining_urls = [path("invitation/<str:token>/", joining.invitation, name="invitation")]
