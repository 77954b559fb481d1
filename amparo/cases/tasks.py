"""Look again at cases in the background: what becomes stuck with time alone, and what a new Guide has to judge."""

from procrastinate.contrib.django import app

from amparo.cases.reevaluating import reevaluate_open_cases, tell_stuck

# So many at a time: a run ends before the next begins, and nothing else waits long.
AT_A_TIME = 500


@app.periodic(cron="*/5 * * * *")
@app.task(name="amparo.cases.tell_stuck", queueing_lock="cases-tell-stuck", pass_context=False)
def tell_stuck_cases(timestamp: int) -> None:  # noqa: ARG001 - procrastinate says for which minute this is
    """Tell supervisors of blocks that have stayed unmet for too long."""
    tell_stuck(most=AT_A_TIME)


@app.periodic(cron="* * * * *")
@app.task(name="amparo.cases.reevaluate", queueing_lock="cases-reevaluate", pass_context=False)
def reevaluate_cases(timestamp: int) -> None:  # noqa: ARG001 - procrastinate says for which minute this is
    """Judge open cases again that were judged under another version of the Guide."""
    reevaluate_open_cases(most=AT_A_TIME)
