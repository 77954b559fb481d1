// Ask conditions (CEL) about the facts of a case and get true, false or an error, never anything else.
// The same port as amparo/guide/engine.py, over another runtime; one corpus holds both. No eval, no network. Decision: 0012.
import { Environment, type ASTNode } from "@marcbachmann/cel-js";
import { serialize } from "@marcbachmann/cel-js/serialize";

export type VariableType = "text" | "texts" | "int" | "bool";
export type Value = string | number | boolean | readonly string[];
/** Name such as `facts.age_status` -> value. */
export type Values = Readonly<Record<string, Value>>;

/** A condition could not be answered; who asks takes the protective side and reports the reason. */
export class Undecided {
  constructor(readonly reason: string) {}
}
export type Answer = boolean | Undecided;

/** A condition does not compile: an unknown name, a wrong type, or a result that is not true or false. */
export class ConditionFaulty extends Error {}

/** Values ready to be asked about, many times. */
export type Activation = Record<string, object>;
type Compiled = (about: Activation) => unknown;
/** Where the value of a variable is put: `facts.age_status` under `facts`. */
interface Place {
  readonly root: { readonly name: string; readonly made: new () => object } | null;
  readonly leaf: string;
}
const NOWHERE: Place = { root: null, leaf: "" };

const TYPES = { text: "string", texts: "list<string>", int: "int", bool: "bool" } as const;
const LOOPS = new Set(["all", "exists", "exists_one", "filter", "map"]);
const BUDGET = 10_000; // steps of loops; the runtime of the node ends at the same count
const STEP = "amparo_step";
const NO = { op: "value", args: false } as ASTNode;

export class CelEngine {
  readonly #checking: Environment;
  readonly #counting: Environment;
  readonly #compiled = new Map<string, Compiled>();
  readonly #places = new Map<string, Place>();
  #steps = 0;

  /** `variables`: name such as `facts.age_status` -> type. */
  constructor(variables: Readonly<Record<string, VariableType>>) {
    this.#checking = this.#declare(variables);
    this.#counting = this.#checking.clone().registerFunction(`${STEP}(): bool`, () => this.#step());
  }

  /** Check and keep a condition; ConditionFaulty when it does not hold together. */
  compile(text: string): void {
    if (this.#compiled.has(text)) return;
    const found = this.#checking.check(text);
    if (!found.valid) throw new ConditionFaulty(firstLine(found.error));
    if (found.type !== "bool") throw new ConditionFaulty(`gives ${found.type}, must give true or false`);
    const parsed = this.#checking.parse(text);
    const counted = withSteps(parsed.ast);
    const ready = counted ? this.#counting.parse(serialize(parsed.ast)) : parsed;
    if (ready.check().type !== "bool") throw new ConditionFaulty("its loops cannot be counted");
    this.#compiled.set(text, ready);
  }

  /** Put values under their names; whole numbers become those of CEL. */
  about(values: Values): Activation {
    return this.knowing({}, values);
  }

  /** Put further values into an activation, in place of those of the same name; gives the same activation back. */
  knowing(activation: Activation, values: Values): Activation {
    for (const name in values) {
      const { root, leaf } = this.#places.get(name) ?? NOWHERE;
      if (root === null) continue;
      const held = (activation[root.name] ??= new root.made()) as Record<string, unknown>;
      const value = values[name];
      held[leaf] = typeof value === "number" ? BigInt(value) : value;
    }
    return activation;
  }

  /** Answer one compiled condition. */
  ask(text: string, about: Activation): Answer {
    const compiled = this.#compiled.get(text);
    if (compiled === undefined) throw new ConditionFaulty("was not compiled");
    this.#steps = 0;
    let answer: unknown;
    try {
      answer = compiled(about);
    } catch (fault) {
      return new Undecided(firstLine(fault));
    }
    // The end of the budget is no value that one side of `||` may swallow.
    if (this.#steps >= BUDGET) return new Undecided("Iteration budget exceeded");
    return typeof answer === "boolean" ? answer : new Undecided("gives neither true nor false");
  }

  #declare(variables: Readonly<Record<string, VariableType>>): Environment {
    const environment = new Environment();
    const byRoot = new Map<string, Record<string, string>>();
    for (const [name, type] of Object.entries(variables)) {
      const [root, leaf] = name.split(".") as [string, string];
      byRoot.set(root, { ...byRoot.get(root), [leaf]: TYPES[type] });
    }
    for (const [root, fields] of byRoot) {
      const ctor = class {};
      const made = { name: root, made: ctor };
      for (const leaf of Object.keys(fields)) this.#places.set(`${root}.${leaf}`, { root: made, leaf });
      environment.registerType(`Amparo_${root}`, { ctor, fields }).registerVariable(root, `Amparo_${root}`);
    }
    return environment;
  }

  #step(): boolean {
    this.#steps += 1;
    if (this.#steps >= BUDGET) throw new Error("Iteration budget exceeded");
    return true;
  }
}

/** Let every loop of a parsed condition count its steps; tell whether there is any. */
function withSteps(node: unknown): boolean {
  if (Array.isArray(node)) return node.map(withSteps).some(Boolean);
  if (!isNode(node)) return false;
  const inside = withSteps(node.args);
  if (node.op !== "rcall" || !LOOPS.has(node.args[0])) return inside;
  const parts = node.args[2];
  if (node.args[0] === "map" && parts.length === 2) parts.splice(1, 0, stepping());
  // Not `&&`: that would still ask its right side after the budget has ended.
  else if (parts[1] !== undefined) parts[1] = { op: "?:", args: [stepping(), parts[1], NO] } as ASTNode;
  return true;
}

function stepping(): ASTNode {
  return { op: "call", args: [STEP, []] } as unknown as ASTNode;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}

function firstLine(fault: unknown): string {
  const said = fault instanceof Error ? fault.message : String(fault);
  return said.split("\n")[0] ?? said;
}
