// Explain why an action may not be done now, and what an override would lift. Mirrors amparo/guide/refusals.py.
// Only a verified, direct source is the norm of a refusal; the others are related, or to be confirmed.
import type { Evaluation } from "./evaluate.js";
import type { Citation, Guide } from "./guide.js";
import type { Status } from "./judging.js";
import { type Bar, lifts } from "./overrides.js";

/** An entry that is still needed, and the roles whose word counts for it. */
export interface Lacking {
  readonly evidence: string;
  readonly attest: readonly string[];
}
export interface Refusal {
  readonly status: Status;
  readonly bar: Bar;
  readonly norms: readonly Citation[]; // verified and direct: the ground of the refusal
  readonly related: readonly Citation[]; // verified, supporting
  readonly toBeConfirmed: readonly Citation[]; // never a ground
  readonly missing: readonly Lacking[];
  readonly override: "none" | "emergency" | "two-person"; // what could lift it now
}

/** The action asked about is not in the closed vocabulary. */
export class ActionUnknown extends Error {}

/** Return every reason why an action is refused now; with an override, the bars it lifts for this role are left out. */
export function refusals(
  guide: Guide,
  evaluation: Evaluation,
  action: string,
  { override = "none", byRole = null }: { readonly override?: string; readonly byRole?: string | null } = {},
): Refusal[] {
  if (!guide.actions.includes(action)) throw new ActionUnknown("is no action of the vocabulary");
  return evaluation.obligations.flatMap((status) => {
    const bar = status.bars.get(action);
    const lifted = bar === undefined || lifts(guide, status.obligation, bar, { action, override, byRole });
    return lifted ? [] : [refusal(guide, status, action, bar)];
  });
}

function refusal(guide: Guide, status: Status, action: string, bar: Bar): Refusal {
  const { sources } = status.obligation;
  const direct = (cited: Citation): boolean => (cited.fit ?? "direct") === "direct";
  const byRole = "child-protection-authority";
  const ways = ["emergency", "two-person"] as const;
  const keys = bar.missing.length > 0 ? bar.missing : bar.absolute ? status.missing : [];
  return {
    status,
    bar,
    norms: sources.filter((cited) => cited.verified && direct(cited)),
    related: sources.filter((cited) => cited.verified && !direct(cited)),
    toBeConfirmed: sources.filter((cited) => !cited.verified),
    missing: keys.map((evidence) => ({ evidence, attest: guide.evidence.get(evidence)?.attest ?? [] })),
    override: ways.find((override) => lifts(guide, status.obligation, bar, { action, override, byRole })) ?? "none",
  };
}
