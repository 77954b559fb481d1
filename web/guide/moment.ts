// Stand at one moment of a case: which evidence counts, which facts hold, how each condition is answered.
// Guide evaluation, steps 2 and 3. What cannot be answered counts as true, the protective side; a guard that cannot
// be answered is not fulfilled. Mirrors amparo/guide/moment.py.
import { type Activation, type Answer, Undecided } from "./engine.js";
import type { Case, Entry } from "./facts.js";
import { type Guide, type Ruling, readsResults } from "./guide.js";
import { isBy, type When } from "./time.js";

/** A case at one moment, ready to be judged. */
export class Moment {
  readonly #answers = new Map<string, Answer>();

  constructor(
    readonly guide: Guide,
    readonly about: Activation, // what is known, guards applied
    readonly counted: ReadonlyMap<string, Entry>,
    readonly notCounted: readonly string[], // entries by a role that may not attest them
    readonly contradicted: readonly string[], // entries that a fact speaks against
    readonly guarded: readonly string[], // facts that fell back because their proof is missing
    readonly happened: ReadonlySet<string>,
    readonly knowsResults: boolean,
  ) {}

  /** Tell whether a condition holds: an error, or what cannot be asked yet, counts as true. */
  holds(text: string | undefined, absent = true): boolean {
    if (text === undefined) return absent;
    return this.answer(text) !== false;
  }

  answer(text: string): Answer {
    let answer = this.#answers.get(text);
    if (answer === undefined) {
      if (!this.knowsResults && readsResults(text)) return new Undecided("how the others stand is not known yet");
      answer = this.guide.engine.ask(text, this.about);
      this.#answers.set(text, answer);
    }
    return answer;
  }

  /** The entries among these that are needed and not done. */
  missing(keys: readonly string[]): string[] {
    return keys.filter((key) => !this.counted.has(key) && this.needs(key));
  }

  needs(key: string): boolean {
    return this.holds(this.guide.evidence.get(key)?.needed_when);
  }

  /** The entries that fell due because something happened. */
  fallenDue(ruling: Ruling): readonly string[] {
    return ruling.after_on.some((action) => this.happened.has(action)) ? ruling.after : [];
  }

  /** The same moment, once it is known how many obligations are late. */
  knowingLateness(late: number): Moment {
    const { guide, counted, notCounted, contradicted, guarded, happened } = this;
    const about = guide.engine.knowing({ ...this.about }, { "result.late_elsewhere": late });
    return new Moment(guide, about, counted, notCounted, contradicted, guarded, happened, true);
  }

  /** Of these conditions, those that could not be answered, with the reason. */
  undecided(texts: readonly string[]): Map<string, string> {
    const answers = texts.map((text) => [text, this.answer(text)] as const);
    return new Map(answers.flatMap(([text, answer]) => (answer instanceof Undecided ? [[text, answer.reason]] : [])));
  }
}

/** The case as it stands at a moment or on a whole day; with `before`, only what happened before that has happened. */
export function stand(guide: Guide, known: Case, at: When, before: number = Infinity): Moment {
  const done = known.entries.filter((entry) => entry.done && guide.evidence.has(entry.key) && isBy(entry.at, at));
  const attested = done.filter((entry) => mayAttest(guide, entry));
  const notCounted = done.filter((entry) => !mayAttest(guide, entry)).map((entry) => entry.key).sort();
  const about = guide.engine.about(Object.fromEntries(Object.entries(known.values).map(([name, value]) => [`facts.${name}`, value])));
  const contradicted = attested.map(({ key }) => key).filter((key) => isContradicted(guide, key, about)).sort();
  const counted = new Map(attested.filter(({ key }) => !contradicted.includes(key)).map((entry) => [entry.key, entry]));
  const happened = new Set(known.events.filter((event) => event.at.micros < before).map((event) => event.action));
  guide.engine.knowing(about, { "evidence.done": [...counted.keys()].sort(), "events.done": [...happened].sort() });
  const guarded = guard(guide, known, about);
  return new Moment(guide, about, counted, notCounted, contradicted, guarded, happened, false);
}

function mayAttest(guide: Guide, entry: Entry): boolean {
  return guide.evidence.get(entry.key)?.attest.includes(entry.byRole) ?? false;
}

/** Test whether a fact, as told, speaks against an entry; the protective one of the two counts. */
function isContradicted(guide: Guide, key: string, about: Activation): boolean {
  const text = guide.evidence.get(key)?.contradicts;
  return text !== undefined && guide.engine.ask(text, about) !== false;
}

/** Let each fact that takes protection away fall back where its proof is missing; name those that fell. */
function guard(guide: Guide, known: Case, about: Activation): string[] {
  const held = { ...known.values };
  const fallen = new Set<string>();
  for (const { fact, value, unless, becomes } of guide.guards) {
    if (held[fact] !== value || guide.engine.ask(unless, about) === true) continue;
    held[fact] = becomes;
    guide.engine.knowing(about, { [`facts.${fact}`]: becomes });
    fallen.add(fact);
  }
  return [...fallen];
}
