"""Tell pages who reads: the request of a signed-in person, with the actor that the access middleware set."""

from django.http import HttpRequest

from amparo.access.rules import Actor


class DeskRequest(HttpRequest):
    """A request on which `ActorMiddleware` has set who acts.

    A page that answers a refusal itself sets `refusal`, so that it is written down all the same.
    """

    actor: Actor
    refusal: Exception
