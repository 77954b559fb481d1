// Check the facts of a case against the facts schema and fill in what is missing. Guide evaluation, step 1.
// Refusals name place and reason, never the answer itself: facts are about a child. Mirrors amparo/guide/facts.py, fitting.py.
import type { FactKind, Guide } from "./guide.js";
import { type Instant, instant, isDay } from "./time.js";

/** The facts of one case as plain values, in the shape of the facts schema. */
export type Facts = Readonly<Record<string, unknown>>;
export type FactValue = string | number | readonly string[];

/** What was done, or withdrawn, when and by which role. */
export interface Entry {
  readonly key: string;
  readonly done: boolean;
  readonly at: Instant;
  readonly byRole: string;
}
export interface Event {
  readonly action: string;
  readonly at: Instant;
  readonly override: string;
  readonly byRole: string;
}
/** The facts of one case, checked and filled. */
export interface Case {
  readonly on: string;
  readonly values: Readonly<Record<string, FactValue>>; // by the name of the fact
  readonly moments: ReadonlyMap<string, Instant>;
  readonly entries: readonly Entry[];
  readonly events: readonly Event[]; // oldest first
}

/** The facts of a case do not fit the facts schema; `places` says where and why. */
export class FactsRefused extends Error {
  constructor(readonly places: readonly string[]) {
    super(places.join("\n"));
  }
}

const KEY = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const OVERRIDES = ["none", "emergency", "two-person"];
const NOTE_LENGTH = 500;
const [MOST_ANSWERS, MOST_EVENTS] = [500, 5000]; // of one case; more would cost time and is no case

/** Return the facts checked and filled; FactsRefused names every place that does not fit. */
export function readCase(guide: Guide, facts: Facts): Case {
  const wrong = [...misfits(guide, facts)];
  if (wrong.length > 0) throw new FactsRefused(wrong);
  const values: Record<string, FactValue> = {};
  const moments = new Map<string, Instant>();
  for (const [name, kind] of guide.facts) {
    const given = facts[name] as FactValue | undefined;
    values[name] = given ?? kind.default ?? ""; // a moment that is not known: text for conditions, absent for clocks
    if (kind.type === "date-time" && given !== undefined) moments.set(name, read(given as string));
  }
  const entries = Object.entries((facts["evidence"] ?? {}) as Record<string, Record<string, unknown>>);
  const events = ((facts["events"] ?? []) as Record<string, string>[]).map(eventOf);
  return {
    on: facts["on"] as string,
    values,
    moments,
    entries: entries.map(([key, raw]) => entryOf(key, raw)),
    events: events.sort((a, b) => a.at.micros - b.at.micros || (a.action < b.action ? -1 : a.action > b.action ? 1 : 0)),
  };
}

/** The facts that nobody knows yet. */
export function unknownFacts(guide: Guide, known: Case): ReadonlySet<string> {
  const unknown = [...guide.facts.values()].filter((kind) => isUnknown(kind, known.values[kind.name]));
  return new Set(unknown.map((kind) => kind.name));
}

function isUnknown(kind: FactKind, value: unknown): boolean {
  if (kind.unknown === undefined) return false;
  if (!Array.isArray(value) || !Array.isArray(kind.unknown)) return value === kind.unknown;
  const unknown: readonly unknown[] = kind.unknown;
  return value.length === unknown.length && value.every((item, at) => item === unknown[at]);
}

function entryOf(key: string, raw: Record<string, unknown>): Entry {
  return { key, done: raw["done"] as boolean, at: read(raw["at"] as string), byRole: raw["by_role"] as string };
}

function eventOf(raw: Record<string, string>): Event {
  const { action = "", at = "", override = "none", by_role: byRole = "unknown" } = raw;
  return { action, at: read(at), override, byRole };
}

function read(text: string): Instant {
  const found = instant(text);
  if (found === null) throw new FactsRefused(["facts: a moment cannot be read"]);
  return found;
}

// ---- what does not fit -------------------------------------------------------------------------

/** Walk through everything in which facts do not fit the facts schema of the Guide. */
export function* misfits(guide: Guide, facts: unknown): Generator<string> {
  if (!isMapping(facts)) return yield "facts: must be a mapping of facts";
  for (const [name, kind] of guide.facts) {
    if (facts[name] !== undefined) yield* misfitting(kind, facts[name], `facts.${name}`);
    else if (kind.required) yield `facts.${name}: is missing`;
  }
  for (const name of Object.keys(facts)) {
    if (!guide.facts.has(name) && name !== "evidence" && name !== "events") yield `facts.${safe(name)}: is not a fact of the schema`;
  }
  yield* badEvidence(guide, facts["evidence"] ?? {});
  yield* badEvents(guide, facts["events"] ?? []);
}

function* misfitting(kind: FactKind, value: unknown, place: string): Generator<string> {
  if (kind.type === "texts") {
    if (!Array.isArray(value)) return yield `${place}: must be a list`;
    if (value.length > MOST_ANSWERS) return yield `${place}: must hold at most ${MOST_ANSWERS}`;
    for (const [at, item] of value.entries()) {
      if (!fitsText(kind, item)) yield `${place}[${at}]: must be one of the answers`;
      if (value.indexOf(item) < at) yield `${place}[${at}]: is there twice`;
    }
  } else if (!FITS[kind.type](kind, value)) yield `${place}: ${WANTED[kind.type]}`;
}

const FITS = {
  text: fitsText,
  int: (kind: FactKind, value: unknown) =>
    Number.isInteger(value) && (value as number) >= kind.minimum && (value as number) <= kind.maximum,
  date: (_: FactKind, value: unknown) => typeof value === "string" && isDay(value),
  "date-time": (_: FactKind, value: unknown) => typeof value === "string" && instant(value) !== null,
};
const WANTED = {
  text: "must be one of the answers",
  int: "must be a whole number within its limits",
  date: "must be a day such as 2026-03-02",
  "date-time": "must be a moment with its offset such as 2026-03-02T08:30:00-06:00",
};

function fitsText(kind: FactKind, value: unknown): boolean {
  if (typeof value !== "string" || (kind.choices.length > 0 && !kind.choices.includes(value))) return false;
  return kind.pattern === null || kind.pattern.test(value);
}

function* badEvidence(guide: Guide, found: unknown): Generator<string> {
  if (!isMapping(found)) return yield "facts.evidence: must be a mapping of evidence keys";
  for (const [key, raw] of Object.entries(found)) {
    const place = `facts.evidence.${safe(key)}`;
    if (!KEY.test(key)) yield `${place}: must be a key of small letters, digits and hyphens`;
    const note = isMapping(raw) ? (raw["note"] ?? "") : "";
    const fits =
      isRecord(raw, ["done", "at", "by_role"], ["note"]) &&
      typeof raw["done"] === "boolean" &&
      guide.roles.includes(raw["by_role"] as string) &&
      typeof note === "string" &&
      [...note].length <= NOTE_LENGTH;
    if (!fits || typeof raw["at"] !== "string" || instant(raw["at"]) === null) {
      yield `${place}: must say done, at and by_role, each as the schema has it`;
    }
  }
}

function* badEvents(guide: Guide, found: unknown): Generator<string> {
  if (!Array.isArray(found)) return yield "facts.events: must be a list of events";
  if (found.length > MOST_EVENTS) return yield `facts.events: must hold at most ${MOST_EVENTS}`;
  const roles = [...guide.roles, "other-authority", "unknown"];
  for (const [at, raw] of found.entries()) {
    const fits =
      isRecord(raw, ["action", "at"], ["override", "by_role"]) &&
      guide.actions.includes(raw["action"] as string) &&
      OVERRIDES.includes((raw["override"] ?? "none") as string) &&
      roles.includes((raw["by_role"] ?? "unknown") as string);
    if (!fits || typeof raw["at"] !== "string" || instant(raw["at"]) === null) {
      yield `facts.events[${at}]: must say action and at, each as the schema has it`;
    }
  }
}

function isRecord(raw: unknown, needed: readonly string[], more: readonly string[]): raw is Record<string, unknown> {
  if (!isMapping(raw)) return false;
  const known = [...needed, ...more];
  return needed.every((name) => raw[name] !== undefined) && Object.keys(raw).every((name) => known.includes(name));
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Shorten a name from outside, so that a story typed in the wrong place is not repeated. */
function safe(name: string): string {
  return /^[\w-]{1,60}$/.test(name) ? name : `(${[...name].length} characters)`;
}
