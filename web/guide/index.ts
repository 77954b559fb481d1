// The Guide on a phone without network: read a published Guide, judge a case by it, say what is refused and why.
// Everything another part needs is named here. No page, no network, no framework.
export { type Answer, CelEngine, ConditionFaulty, Undecided } from "./engine.js";
export { type Asked, type Breach, type Evaluation, evaluate } from "./evaluate.js";
export { type Facts, FactsRefused, misfits } from "./facts.js";
export { type Guide, GuideFaulty, type Published, readGuide } from "./guide.js";
export type { State, Status } from "./judging.js";
export { ActionUnknown, type Refusal, refusals } from "./refusals.js";
export { evaluationAsPlain, refusalsAsPlain } from "./wire.js";
export { written } from "./time.js";
