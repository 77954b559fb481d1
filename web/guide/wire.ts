// Write an evaluation or a refusal as plain values, in the shape of `amparo guide explain --format json` and `guide may`.
// No texts for people. Mirrors amparo/guide/wire.py.
import type { Evaluation } from "./evaluate.js";
import type { Citation, Guide } from "./guide.js";
import type { Status } from "./judging.js";
import type { Refusal } from "./refusals.js";
import { written } from "./time.js";

type Plain = Record<string, unknown>;

/** Return an evaluation as plain values; `errors` only where there are any. */
export function evaluationAsPlain(guide: Guide, evaluation: Evaluation): Plain {
  const errors = [...evaluation.errors].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    guide: { id: guide.id, version: guide.version, country: guide.country },
    on: evaluation.on,
    obligations: evaluation.obligations.map(statusAsPlain),
    blocked: Object.fromEntries(evaluation.blocked),
    breaches: evaluation.breaches.map(({ action, obligation, at }) => ({ action, obligation, at: written(at) })),
    ...(errors.length > 0 ? { errors: errors.map(([condition, reason]) => ({ condition, reason })) } : {}),
  };
}

/** Return the answer to `guide may ACTION --format json`. */
export function refusalsAsPlain(action: string, found: readonly Refusal[]): Plain {
  return { action, may: found.length === 0, refusals: found.map(refusalAsPlain) };
}

function statusAsPlain({ obligation, state, due, missing, bars, ask }: Status): Plain {
  return {
    id: obligation.id,
    state,
    due: due === null ? null : written(due),
    missing,
    blocks: [...bars.keys()],
    severity: obligation.severity,
    duty_bearer: obligation.duty_bearer,
    sources: obligation.sources.map(cited),
    ask,
  };
}

function refusalAsPlain(refusal: Refusal): Plain {
  const { status, bar } = refusal;
  return {
    obligation: status.obligation.id,
    title: status.obligation.title,
    norms: refusal.norms.map(cited),
    related: refusal.related.map(cited),
    to_be_confirmed: refusal.toBeConfirmed.map(cited),
    missing: refusal.missing,
    ask: status.ask,
    held: bar.held,
    absolute: bar.absolute,
    override: refusal.override,
  };
}

function cited({ id, ref, verified, fit = "direct" }: Citation): Plain {
  return { id, ref, verified, ...(fit === "direct" ? {} : { fit }) };
}
