// Judge the obligations of the Guide at one moment of a case: state, deadline, what each blocks and why.
// Guide evaluation, steps 4 to 6; an error counts as true. Mirrors amparo/guide/judging.py.
import { clockStart, REMEMBERED } from "./clocks.js";
import type { Case } from "./facts.js";
import type { Guide, Obligation, Ruling } from "./guide.js";
import type { Moment } from "./moment.js";
import { type Bar, dueAfterEmergency } from "./overrides.js";
import { after, earliest, hasPassed, type Instant, startOf, type When } from "./time.js";

export type State = "not-applicable" | "guarding" | "open" | "late" | "met";

/** Where one obligation stands for one case. */
export interface Status {
  readonly obligation: Obligation;
  readonly state: State;
  readonly due: Instant | null; // when the deadline runs out; null: no limit set, or nothing asked now
  readonly missing: readonly string[];
  readonly bars: ReadonlyMap<string, Bar>; // action blocked now -> why
  readonly ask: readonly string[]; // unknown facts its conditions read
  readonly firstDue: Instant | null; // when it was first found due, for the caller to remember
  readonly onTime: boolean;
}
/** What stays the same while the obligations of one case are judged. */
export interface Judge {
  readonly guide: Guide;
  readonly known: Case;
  readonly now: When;
  readonly firstDue: ReadonlyMap<string, Instant>;
  readonly unknown: ReadonlySet<string>;
}
export interface Judged {
  readonly statuses: readonly Status[];
  readonly undecided: ReadonlyMap<string, string>; // condition -> reason
}

/** Judge every obligation; those that read the lateness of others come last, but keep their place. */
export function judgeAll(judge: Judge, moment: Moment): Judged {
  const forced = dueAfterEmergency(judge.guide, judge.known);
  const rulings = [...judge.guide.rulings.values()];
  const found = new Map<string, Status>();
  const settle = (ruling: Ruling, at: Moment): void => {
    const { id } = ruling.obligation;
    found.set(id, status(judge, ruling, at, forced.get(id) ?? null));
  };
  for (const ruling of rulings) if (!ruling.waits) settle(ruling, moment);
  const late = [...found.values()].filter((each) => each.state === "late").length;
  const undecided = moment.undecided(judge.guide.conditions);
  for (const ruling of rulings) {
    if (!ruling.waits) continue;
    const wider = moment.knowingLateness(late);
    for (const [text, reason] of wider.undecided(ruling.conditions)) undecided.set(text, reason);
    settle(ruling, wider);
  }
  return { statuses: rulings.map((ruling) => found.get(ruling.obligation.id) as Status), undecided };
}

/** The actions an obligation blocks at a moment, and why. Guide evaluation, step 6. */
export function barsAt(ruling: Ruling, moment: Moment): Map<string, Bar> {
  const { obligation } = ruling;
  const found = new Map<string, Bar>();
  if (obligation.severity !== "hard" || !moment.holds(obligation.applies)) return found;
  const absolute = obligation.absolute ?? false;
  const reopened = moment.holds(obligation.reopen_while, false);
  for (const action of obligation.blocks) {
    if (!absolute && !moment.holds(obligation.block_when?.[action])) continue;
    const missing = moment.missing(gate(ruling, moment, action));
    const holds = obligation.hold_while ?? {};
    const held = moment.holds(holds["*"], false) || moment.holds(holds[action], false);
    if (missing.length > 0 || held || reopened || absolute) found.set(action, { missing, held, reopened, absolute });
  }
  return found;
}

function gate(ruling: Ruling, moment: Moment, action: string): readonly string[] {
  const keys = ruling.obligation.gate?.[action] ?? ruling.obligation.requires;
  // What is owed after an act cannot come before it, but it comes before the case is closed.
  return action === "close-case" ? [...keys, ...moment.fallenDue(ruling)] : keys;
}

// ---- state -------------------------------------------------------------------------------------

function status(judge: Judge, ruling: Ruling, moment: Moment, forced: Instant | null): Status {
  const { obligation } = ruling;
  const applies = moment.holds(obligation.applies);
  const asked = applies && (moment.holds(obligation.due) || moment.fallenDue(ruling).length > 0 || forced !== null);
  const firstDue = asked ? firstFound(judge, obligation, forced) : null;
  const due = asked ? runsOut(judge, ruling, moment, firstDue) : null;
  const missing = applies ? missingForState(judge, ruling, moment, due) : [];
  let state = stateOf(obligation, moment, { applies, asked, whole: missing.length === 0 });
  if (state === "open" && due !== null && hasPassed(due, judge.now)) state = "late";
  return {
    obligation,
    state,
    due,
    missing,
    bars: barsAt(ruling, moment),
    ask: ruling.reads.filter((name) => judge.unknown.has(name)),
    firstDue,
    onTime: state !== "late" && !metAfter(obligation, moment, due),
  };
}

function stateOf(
  obligation: Obligation,
  moment: Moment,
  is: { readonly applies: boolean; readonly asked: boolean; readonly whole: boolean },
): State {
  if (!is.applies) return "not-applicable";
  if (is.whole && !moment.holds(obligation.reopen_while, false)) {
    return Object.values(obligation.hold_while ?? {}).some((text) => moment.holds(text)) ? "guarding" : "met";
  }
  return is.asked ? "open" : "guarding";
}

function firstFound(judge: Judge, obligation: Obligation, forced: Instant | null): Instant | null {
  if (!REMEMBERED.includes(obligation.clock)) return null;
  return judge.firstDue.get(obligation.id) ?? forced ?? startOf(judge.now);
}

function runsOut(judge: Judge, ruling: Ruling, moment: Moment, first: Instant | null): Instant | null {
  if (ruling.deadline === null) return null;
  let start = clockStart(judge.guide, ruling.obligation, judge.known, first ?? startOf(judge.now));
  if (start === null) return null;
  const round = ruling.obligation.recurring ? roundDone(ruling.obligation, moment) : null;
  if (round !== null && round.micros > start.micros) start = round;
  return after(start, ruling.deadline);
}

/** When the last full round of a recurring obligation was done: the oldest of its entries. */
function roundDone(obligation: Obligation, moment: Moment): Instant | null {
  const done = obligation.requires.filter((key) => moment.needs(key)).map((key) => moment.counted.get(key)?.at);
  return done.includes(undefined) ? null : earliest(done as Instant[]);
}

function metAfter(obligation: Obligation, moment: Moment, due: Instant | null): boolean {
  if (due === null || obligation.recurring) return false;
  return obligation.requires.some((key) => (moment.counted.get(key)?.at.micros ?? -Infinity) > due.micros);
}

function missingForState(judge: Judge, ruling: Ruling, moment: Moment, due: Instant | null): readonly string[] {
  const keys = [...ruling.obligation.requires, ...moment.fallenDue(ruling)];
  const missing = moment.missing(keys);
  if (missing.length > 0 || !ruling.obligation.recurring || due === null || !hasPassed(due, judge.now)) return missing;
  return keys.filter((key) => moment.needs(key)); // the round is over: everything is asked again
}
