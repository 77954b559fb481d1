// Read a published Guide (guide.json, or one overlay) and prepare it for being asked many times.
// Reads plain values only; it was checked before it was published. Mirrors amparo/guide/loading.py and ruling.py.
import { CelEngine, type VariableType } from "./engine.js";
import { type Duration, duration } from "./time.js";

export type Words = Readonly<Record<string, string>>;
export interface Citation {
  readonly id: string;
  readonly ref: string;
  readonly verified: boolean;
  readonly basis: string;
  readonly fit?: "direct" | "supporting";
}
interface Texts {
  readonly [action: string]: string;
}
/** An obligation as it is published; the words of its fields are in vocabulary.fields. */
export interface Obligation {
  readonly id: string;
  readonly title: Words;
  readonly tasks: readonly Words[];
  readonly stage: string;
  readonly duty_bearer: readonly string[];
  readonly applies: string;
  readonly due?: string;
  readonly requires: readonly string[];
  readonly after?: readonly string[];
  readonly after_on?: readonly string[];
  readonly gate?: Readonly<Record<string, readonly string[]>>;
  readonly deadline: string | null;
  readonly clock: string;
  readonly recurring?: boolean;
  readonly severity: "hard" | "soft";
  readonly blocks: readonly string[];
  readonly block_when?: Texts;
  readonly hold_while?: Texts;
  readonly reopen_while?: string;
  readonly override: "none" | "emergency" | "two-person";
  readonly absolute?: boolean;
  readonly sources: readonly Citation[];
}
export interface Evidence {
  readonly label: Words;
  readonly attest: readonly string[];
  readonly proof: string;
  readonly needed_when?: string;
  readonly contradicts?: string; // it does not count while this holds
}
export interface Guard {
  readonly fact: string;
  readonly value: string;
  readonly unless: string;
  readonly becomes: string;
}
export interface JointEmergency {
  readonly action: string;
  readonly who: string;
  readonly lifts: readonly string[];
  readonly lifts_holds: boolean;
}
export interface Property {
  readonly type: string;
  readonly description: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: string | number | readonly string[];
  readonly items?: { readonly enum?: readonly string[]; readonly pattern?: string };
}
export interface Content {
  readonly guide: { readonly id: string; readonly version: string };
  readonly vocabulary: {
    readonly roles: readonly string[];
    readonly actions: Words;
    readonly fact_guards: readonly Guard[];
    readonly override_limits: { readonly never_lifted: readonly string[]; readonly joint_emergency: readonly JointEmergency[] };
  };
  readonly evidence: Readonly<Record<string, Evidence>>;
  readonly obligations: readonly Obligation[];
  readonly facts_schema: { readonly required: readonly string[]; readonly properties: Readonly<Record<string, Property>> };
  readonly coming_of_age_horizon: string | null;
}
/** A published document: the Guide of the region, or one overlay with the Guide it makes. */
export type Published =
  | { readonly kind: "guide"; readonly country: string | null; readonly content: Content }
  | { readonly kind: "overlay"; readonly country: string; readonly content: { readonly laid_over: Content } };

/** One fact of the schema; `unknown` is the value that means nobody knows, if any. */
export interface FactKind {
  readonly name: string;
  readonly type: "text" | "texts" | "int" | "date" | "date-time";
  readonly choices: readonly string[];
  readonly pattern: RegExp | null;
  readonly minimum: number;
  readonly maximum: number;
  readonly default: string | number | readonly string[] | undefined;
  readonly unknown: string | number | readonly string[] | undefined;
  readonly required: boolean;
}
/** An obligation with what is asked of it again and again. */
export interface Ruling {
  readonly obligation: Obligation;
  readonly after: readonly string[];
  readonly after_on: readonly string[];
  readonly conditions: readonly string[];
  readonly waits: boolean; // judged last: an entry reads the lateness of the others
  readonly reads: readonly string[]; // facts its conditions and those of its evidence read
  readonly deadline: Duration | null;
}
export interface Guide {
  readonly id: string;
  readonly version: string;
  readonly country: string | null;
  readonly roles: readonly string[];
  readonly actions: readonly string[];
  readonly facts: ReadonlyMap<string, FactKind>;
  readonly rulings: ReadonlyMap<string, Ruling>;
  readonly evidence: ReadonlyMap<string, Evidence>;
  readonly guards: readonly Guard[];
  readonly neverLifted: ReadonlySet<string>;
  readonly jointEmergencies: readonly JointEmergency[];
  readonly horizon: Duration | null;
  readonly conditions: readonly string[]; // of all obligations, without those on other results
  readonly engine: CelEngine;
}

/** The document is no Guide this program can read. */
export class GuideFaulty extends Error {}

/** Prepare a published Guide; GuideFaulty or ConditionFaulty where it cannot be read. */
export function readGuide(published: Published, country: string | null = published.country): Guide {
  const content = published.kind === "overlay" ? published.content.laid_over : published.content;
  if (content?.guide === undefined || !Array.isArray(content.obligations)) throw new GuideFaulty("holds no Guide");
  const facts = new Map(factKinds(content).map((kind) => [kind.name, kind]));
  const evidence = new Map(Object.entries(content.evidence));
  const engine = new CelEngine(variables(facts));
  const rulings = new Map(content.obligations.map((each) => [each.id, ruling(each, evidence)]));
  const guards = content.vocabulary.fact_guards;
  const asked = [...new Set([...rulings.values()].flatMap((each) => each.conditions))];
  const against = [...evidence.values()].flatMap((entry) => entry.contradicts ?? []);
  for (const text of [...asked, ...against, ...guards.map((guard) => guard.unless)]) engine.compile(text);
  return {
    id: content.guide.id,
    version: content.guide.version,
    country,
    roles: content.vocabulary.roles,
    actions: Object.keys(content.vocabulary.actions),
    facts,
    rulings,
    evidence,
    guards,
    neverLifted: new Set(content.vocabulary.override_limits.never_lifted),
    jointEmergencies: content.vocabulary.override_limits.joint_emergency,
    horizon: length(content.coming_of_age_horizon),
    conditions: asked.filter((text) => !readsResults(text)),
    engine,
  };
}

/** The variables a condition reads, such as `facts.age_status`; words in quotes are none. */
export function readsOf(text: string): readonly string[] {
  return text.replace(/'[^']*'|"[^"]*"/g, "").match(/\b(facts|evidence|events|result)\.\w+/g) ?? [];
}

export function readsResults(text: string): boolean {
  return readsOf(text).some((name) => name.startsWith("result."));
}

function factKinds(content: Content): FactKind[] {
  const { properties, required } = content.facts_schema;
  const listed = Object.entries(properties).filter(([name]) => name !== "evidence" && name !== "events");
  return listed.map(([name, said]) => factKind(name, said, required.includes(name)));
}

function factKind(name: string, said: Property, required: boolean): FactKind {
  const of = said.items ?? said;
  const choices = of.enum ?? [];
  const names: Record<string, FactKind["type"]> = { array: "texts", integer: "int" };
  const formats: Record<string, FactKind["type"]> = { date: "date", "date-time": "date-time" };
  // Where no answer is called unknown, the schema says in words that the default means "not known".
  const told = said.description.includes("not known") ? said.default : undefined;
  return {
    name,
    type: names[said.type] ?? formats[said.format ?? ""] ?? "text",
    choices,
    pattern: of.pattern === undefined ? null : new RegExp(of.pattern, "u"),
    minimum: said.minimum ?? -Infinity,
    maximum: said.maximum ?? Infinity,
    default: said.default,
    unknown: choices.includes("unknown") ? "unknown" : told,
    required,
  };
}

function variables(facts: ReadonlyMap<string, FactKind>): Record<string, VariableType> {
  const simple: Partial<Record<FactKind["type"], VariableType>> = { texts: "texts", int: "int" };
  const found = [...facts.values()].map((kind) => [`facts.${kind.name}`, simple[kind.type] ?? "text"] as const);
  return {
    ...Object.fromEntries(found),
    "evidence.done": "texts",
    "events.done": "texts",
    "result.state": "text",
    "result.on_time": "bool",
    "result.late_elsewhere": "int",
  };
}

function ruling(obligation: Obligation, evidence: ReadonlyMap<string, Evidence>): Ruling {
  const after = obligation.after ?? [];
  const own = [
    obligation.applies,
    obligation.due,
    obligation.reopen_while,
    ...Object.values(obligation.block_when ?? {}),
    ...Object.values(obligation.hold_while ?? {}),
    ...[...obligation.requires, ...after].map((key) => evidence.get(key)?.needed_when),
  ];
  const conditions = own.filter((text) => text !== undefined);
  const read = conditions.flatMap(readsOf).filter((name) => name.startsWith("facts."));
  return {
    obligation,
    after,
    after_on: obligation.after_on ?? [],
    conditions,
    waits: conditions.some(readsResults),
    reads: [...new Set(read.map((name) => name.slice(6)))].sort(),
    deadline: length(obligation.deadline),
  };
}

function length(text: string | null): Duration | null {
  if (text === null) return null;
  const read = duration(text);
  if (read === null) throw new GuideFaulty("holds a length of time that is none");
  return read;
}
