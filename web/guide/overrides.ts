// Say whether an override lifts a block, and when it makes an obligation due at once. Mirrors amparo/guide/overrides.py.
// An override lifts missing entries, never a hold, and only for its own obligation; never an action that is never lifted.
import type { Case } from "./facts.js";
import type { Guide, JointEmergency, Obligation } from "./guide.js";
import type { Instant } from "./time.js";

/** Why one obligation blocks one action: entries missing, a hold, a reopening, or always. */
export interface Bar {
  readonly missing: readonly string[];
  readonly held: boolean;
  readonly reopened: boolean;
  readonly absolute: boolean;
}
/** An override as used, or as thought of: which one, and by which role. */
export interface Use {
  readonly action: string;
  readonly override: string;
  readonly byRole: string | null;
}

const PROTECTION = "child-protection-authority";

/** Test whether this use of an override lifts the bar of this obligation. */
export function lifts(guide: Guide, obligation: Obligation, bar: Bar, use: Use): boolean {
  if (use.override === "none" || guide.neverLifted.has(use.action) || bar.absolute) return false;
  const joint = use.override === "emergency" ? jointEmergencyOf(guide, use.action) : undefined;
  if (joint !== undefined && use.byRole !== joint.who) return false;
  if (joint?.lifts.includes(obligation.id)) return joint.lifts_holds || !bar.held;
  // One event names one role: of the two people, the one from child protection has to be the one recorded.
  if (use.override === "two-person" && use.byRole !== PROTECTION) return false;
  return obligation.override === use.override && !bar.held;
}

/** The obligations due at once because an emergency override was used, and when it was. */
export function dueAfterEmergency(guide: Guide, known: Case): ReadonlyMap<string, Instant> {
  const due = new Map<string, Instant>();
  for (const event of known.events) {
    if (event.override !== "emergency" || guide.neverLifted.has(event.action)) continue;
    for (const id of owed(guide, event.action, event.byRole)) if (!due.has(id)) due.set(id, event.at);
  }
  return due;
}

function owed(guide: Guide, action: string, byRole: string): string[] {
  const joint = jointEmergencyOf(guide, action);
  const lifted = joint !== undefined && joint.who === byRole ? joint.lifts : [];
  const all = [...guide.rulings.values()].map((ruling) => ruling.obligation);
  const own = all.filter((each) => each.override === "emergency" && each.blocks.includes(action));
  return [...lifted, ...own.map((each) => each.id)];
}

function jointEmergencyOf(guide: Guide, action: string): JointEmergency | undefined {
  return guide.jointEmergencies.find((joint) => joint.action === action);
}
