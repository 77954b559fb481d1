// Judge one case by the whole Guide, without network: what is open, late or met, what is blocked, what was breached.
// The same facts give the same answer as the node. Mirrors amparo/guide/evaluate.py.
import { type Case, type Event, type Facts, readCase, unknownFacts } from "./facts.js";
import type { Guide } from "./guide.js";
import { barsAt, judgeAll, type Status } from "./judging.js";
import { stand } from "./moment.js";
import { lifts } from "./overrides.js";
import { type Instant, instant } from "./time.js";

export interface Breach {
  readonly action: string;
  readonly obligation: string;
  readonly at: Instant;
}
/** The whole Guide judged for one case at one moment. */
export interface Evaluation {
  readonly on: string;
  readonly obligations: readonly Status[]; // every obligation of the Guide, in its order
  readonly blocked: ReadonlyMap<string, readonly string[]>; // action -> ids of all obligations that block it
  readonly breaches: readonly Breach[];
  readonly errors: ReadonlyMap<string, string>; // condition that could not be answered -> reason
  readonly firstDue: ReadonlyMap<string, Instant>; // to be stored with the case and given back next time
  readonly notCounted: readonly string[]; // evidence done by a role that may not attest it
  readonly contradicted: readonly string[]; // evidence that does not count because a fact speaks against it
  readonly guarded: readonly string[]; // facts that count as doubtful because their proof is missing
}
export interface Asked {
  /** The instant to judge at; without it, the whole day `facts.on`. */
  readonly at?: string;
  /** What an earlier evaluation remembered: obligation -> moment. */
  readonly firstDue?: Readonly<Record<string, string>>;
  /** The facts as they were known at an earlier moment; null where none are kept. */
  readonly history?: (at: Instant) => Facts | null;
}

/** Return the case judged; FactsRefused where the facts do not fit the schema, RangeError for a moment that is none. */
export function evaluate(guide: Guide, facts: Facts, asked: Asked = {}): Evaluation {
  const known = readCase(guide, facts);
  const now = asked.at === undefined ? known.on : must(asked.at);
  const remembered = new Map(Object.entries(asked.firstDue ?? {}).map(([id, text]) => [id, must(text)]));
  const moment = stand(guide, known, now);
  const judge = { guide, known, now, firstDue: remembered, unknown: unknownFacts(guide, known) };
  const { statuses, undecided } = judgeAll(judge, moment);
  const found = statuses.flatMap(({ obligation, firstDue }) => (firstDue ? [[obligation.id, firstDue] as const] : []));
  return {
    on: known.on,
    obligations: statuses,
    blocked: blockedBy(guide, statuses),
    breaches: [...breaches(guide, known, asked.history)],
    errors: undecided,
    firstDue: new Map([...remembered, ...found]),
    notCounted: moment.notCounted,
    contradicted: moment.contradicted,
    guarded: moment.guarded,
  };
}

function blockedBy(guide: Guide, statuses: readonly Status[]): Map<string, readonly string[]> {
  const found = new Map<string, string[]>(guide.actions.map((action) => [action, []]));
  for (const { bars, obligation } of statuses) for (const action of bars.keys()) found.get(action)?.push(obligation.id);
  return new Map([...found].filter(([, behind]) => behind.length > 0));
}

function* breaches(guide: Guide, known: Case, history: Asked["history"]): Generator<Breach> {
  for (const event of known.events) {
    const earlier = history?.(event.at) ?? null;
    for (const obligation of brokenBy(guide, earlier === null ? known : readCase(guide, earlier), event)) {
      yield { action: event.action, obligation, at: event.at };
    }
  }
}

function* brokenBy(guide: Guide, known: Case, event: Event): Generator<string> {
  const moment = stand(guide, known, event.at, event.at.micros);
  for (const ruling of guide.rulings.values()) {
    if (!ruling.obligation.blocks.includes(event.action)) continue;
    const bar = barsAt(ruling, moment).get(event.action);
    if (bar !== undefined && !lifts(guide, ruling.obligation, bar, event)) yield ruling.obligation.id;
  }
}

function must(text: string): Instant {
  const found = instant(text);
  if (found === null) throw new RangeError("must be a moment with its offset such as 2026-03-02T08:30:00-06:00");
  return found;
}
