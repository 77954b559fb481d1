"""List the addresses of the regional work; what States answer is open to everybody, the rest asks for a sign-in."""

from django.urls import path

from amparo.desk.secretariat import adoption, answering, comments, proposals, try_file

urlpatterns = [
    path("adoption/", adoption.overview, name="adoption"),
    path("adoption/adoption.csv", adoption.open_data, name="adoption-data"),
    path("adoption/duty/<slug:obligation_id>/", adoption.duty, name="adoption-duty"),
    path("adoption/<str:country>/", adoption.one_state, name="adoption-state"),
    path("adoption/<str:country>/answers.csv", adoption.state_data, name="adoption-state-data"),
    path("adoption/<str:country>/<slug:obligation_id>/", answering.answer, name="adoption-answer"),
    path("proposals/", proposals.listed, name="proposals"),
    path("proposals/new/", proposals.new, name="proposal-new"),
    path("proposals/<uuid:proposal_id>/", proposals.one, name="proposal"),
    path("proposals/<uuid:proposal_id>/<slug:to>/", proposals.move, name="proposal-move"),
    path("comments/duty/<slug:obligation_id>/", comments.on_duty, name="comment-duty"),
    path("comments/<uuid:comment_id>/edit/", comments.edit, name="comment-edit"),
    path("comments/<uuid:comment_id>/hide/", comments.hide, name="comment-hide"),
    path("comments/<uuid:comment_id>/show/", comments.show, name="comment-show"),
    path("try/", try_file.try_file, name="try-file"),
]
