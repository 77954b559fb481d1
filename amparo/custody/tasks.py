"""Tell cases in the background what the migration side wrote down: every minute, well within the 15 promised."""

from procrastinate.contrib.django import app

from amparo.custody.telling import tell_cases

AT_A_TIME = 500


@app.periodic(cron="* * * * *")
@app.task(name="amparo.custody.tell_cases", queueing_lock="custody-tell-cases", pass_context=False)
def tell_cases_of_custody(timestamp: int) -> None:  # noqa: ARG001 - procrastinate says for which minute this is
    """Put what others did into the stories of the cases."""
    tell_cases(most=AT_A_TIME)
