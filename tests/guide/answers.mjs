// What the JavaScript evaluator is asked in tests, in node and in a browser alike.

/** Return a function from one question to one answer; `read` gives the published document of a name. */
export function answers(amparo, read) {
  const known = new Map();
  let guide;
  const kinds = {
    guide: ({ guide: name, country }) => {
      if (!known.has(name)) known.set(name, amparo.readGuide(read(name)));
      guide = { ...known.get(name), country: country ?? known.get(name).country };
      return { ready: guide.rulings.size };
    },
    facts: (asked) => judged(amparo, guide, asked),
    ask: (asked) => condition(amparo, guide, asked),
    bench: (asked) => perSecond(amparo, guide, asked),
  };
  return (asked) => {
    const kind = Object.keys(kinds).find((name) => name in asked);
    try {
      return kinds[kind](asked);
    } catch (fault) {
      return { refused: fault.constructor.name === "Error" ? String(fault.stack) : kindOf(amparo, fault) };
    }
  };
}

function kindOf(amparo, fault) {
  const known = ["FactsRefused", "ConditionFaulty", "GuideFaulty", "ActionUnknown"];
  return known.find((name) => fault instanceof amparo[name]) ?? String(fault.stack);
}

function judged(amparo, guide, { facts, at, first_due: firstDue, may }) {
  const evaluation = amparo.evaluate(guide, facts, { ...(at ? { at } : {}), ...(firstDue ? { firstDue } : {}) });
  const uses = (may ?? []).map(({ action, override, by_role: byRole }) =>
    amparo.refusalsAsPlain(action, amparo.refusals(guide, evaluation, action, { override, byRole })),
  );
  return {
    ...amparo.evaluationAsPlain(guide, evaluation),
    first_due: Object.fromEntries([...evaluation.firstDue].map(([id, moment]) => [id, amparo.written(moment)])),
    not_counted: evaluation.notCounted,
    contradicted: evaluation.contradicted,
    guarded: evaluation.guarded,
    on_time: evaluation.obligations.map((status) => status.onTime),
    may: uses,
  };
}

function condition(amparo, guide, { ask, values }) {
  guide.engine.compile(ask);
  const answer = guide.engine.ask(ask, guide.engine.about(values));
  return { answer: answer instanceof amparo.Undecided ? "error" : answer };
}

function perSecond(amparo, guide, { bench: seconds, cases }) {
  for (const facts of cases) amparo.evaluate(guide, facts);
  const start = performance.now();
  let done = 0;
  while (performance.now() - start < seconds * 1000) {
    for (const facts of cases) amparo.evaluate(guide, facts);
    done += cases.length;
  }
  return { per_second: done / ((performance.now() - start) / 1000) };
}
