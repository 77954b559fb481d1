"""List the addresses on the people of an agency; none holds a name."""

from django.urls import path

from amparo.desk.people import changes, colleagues, inviting, teams, way_in

urlpatterns = [
    path("people/", colleagues.listed, name="people"),
    path("people/invite/", inviting.invite, name="people-invite"),
    path("people/teams/", teams.listed, name="teams"),
    path("people/teams/<uuid:team_id>/<slug:what>/", teams.change, name="team-change"),
    path("people/invitations/<uuid:invitation_id>/<slug:what>/", inviting.change, name="invitation-change"),
    path("people/<uuid:person_id>/", colleagues.one, name="person"),
    path("people/<uuid:person_id>/<slug:what>/", colleagues.change, name="person-change"),
    path("changes/", changes.listed, name="changes"),
    path("changes/<uuid:change_id>/", changes.one, name="change"),
    path("changes/<uuid:change_id>/<slug:answer>/", changes.settle, name="change-settle"),
    path("invitation/", way_in.accept, name="invitation"),
]
