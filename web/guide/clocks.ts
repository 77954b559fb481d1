// Say when the deadline of an obligation starts to run, by its clock. Mirrors amparo/guide/clocks.py.
// No clock of its own. A deadline nobody has set never runs out.
import type { Case } from "./facts.js";
import type { Guide, Obligation } from "./guide.js";
import { type Instant, latest } from "./time.js";

const MAJORITY_IN_MONTHS = 216;
/** Clocks that start when the system first found something. */
export const REMEMBERED: readonly string[] = ["since-due", "coming-of-age"];

const STARTS: Readonly<Record<string, (known: Case) => Instant | null>> = {
  "first-contact": (known) => moment(known, "first_contact_at"),
  "uasc-known": (known) => moment(known, "accompaniment_known_at") ?? moment(known, "first_contact_at"),
  "placement-start": (known) => moment(known, "care_since") ?? last(known, "place"),
  "missing-since": (known) => moment(known, "missing_since"),
  "family-request": (known) => moment(known, "reunification_asked_at"),
  "decision-issued": (known) => last(known, "issue-bid", "decide-migration-status", "decide-adult", "place"),
  "solution-started": (known) => last(known, "place", "reunify", "return-child", "hand-over", "decide-migration-status"),
};

/** When the clock of an obligation that is due started, or null while nobody knows; `first`: when it was first found due. */
export function clockStart(guide: Guide, obligation: Obligation, known: Case, first: Instant): Instant | null {
  if (obligation.clock === "since-due") return first;
  if (obligation.clock === "coming-of-age") return horizonReached(guide, known) ? first : null;
  return STARTS[obligation.clock]?.(known) ?? null;
}

/** Only the month of birth is known, not the day. */
function horizonReached(guide: Guide, known: Case): boolean {
  const age = known.values["age_in_months"];
  return guide.horizon !== null && typeof age === "number" && age >= MAJORITY_IN_MONTHS - guide.horizon.months;
}

function moment(known: Case, name: string): Instant | null {
  return known.moments.get(name) ?? null;
}

function last(known: Case, ...actions: readonly string[]): Instant | null {
  return latest(known.events.filter((event) => actions.includes(event.action)).map((event) => event.at));
}
