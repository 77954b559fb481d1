// Count moments, days and lengths of time as the node does: each moment keeps its own offset, months are calendar months.
// No clock: every moment is passed in. Mirrors amparo/guide/durations.py and the date sums of clocks.py.

/** An instant and the offset it was written with. */
export interface Instant {
  /** Microseconds since 1970 in UTC. */
  readonly micros: number;
  /** Minutes east of UTC. */
  readonly offset: number;
}
/** A whole day (`YYYY-MM-DD`), or an instant. */
export type When = Instant | string;

export interface Duration {
  readonly months: number;
  readonly micros: number;
}

const MOMENT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|([+-])(\d\d):(\d\d))$/i;
const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
const LENGTH =
  /^P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
const [FIRST_YEAR, YEAR_AFTER] = [1900, 2200];
const MINUTE = 60_000_000;

/** Read a moment with its offset; null where the text is none, or no real day. */
export function instant(text: string): Instant | null {
  const found = MOMENT.exec(text);
  if (found === null) return null;
  const part = (at: number): number => Number(found[at] ?? 0);
  const offset = found[9] === undefined ? 0 : (part(10) * 60 + part(11)) * (found[9] === "-" ? -1 : 1);
  const real = isRealDay(part(1), part(2), part(3)) && part(4) < 24 && part(5) < 60 && part(6) < 60;
  if (!real || Math.abs(offset) >= 24 * 60) return null;
  const fraction = Number((found[7] ?? "").slice(0, 6).padEnd(6, "0"));
  const local = Date.UTC(part(1), part(2) - 1, part(3), part(4), part(5), part(6)) * 1000 + fraction;
  return { micros: local - offset * MINUTE, offset };
}

/** Test whether a text is a real day of the calendar. */
export function isDay(text: string): boolean {
  const found = DAY.exec(text);
  return found !== null && isRealDay(Number(found[1]), Number(found[2]), Number(found[3]));
}

/** Read an ISO 8601 duration such as P3M or PT24H; null where the text is none. */
export function duration(text: string): Duration | null {
  const found = LENGTH.exec(text);
  if (found === null) return null;
  const part = (at: number): number => Number(found[at] ?? 0);
  const seconds = ((part(3) * 7 + part(4)) * 24 + part(5)) * 3600 + part(6) * 60 + part(7);
  return { months: part(1) * 12 + part(2), micros: seconds * 1_000_000 };
}

/** The moment a length of time after `start`, in the same offset; a month that lacks the day ends on its last day. */
export function after(start: Instant, length: Duration): Instant {
  const local = start.micros + start.offset * MINUTE;
  const day = new Date(Math.floor(local / 1000));
  const count = day.getUTCFullYear() * 12 + day.getUTCMonth() + length.months;
  const [year, month] = [Math.floor(count / 12), ((count % 12) + 12) % 12];
  const date = Math.min(day.getUTCDate(), lastDay(year, month));
  const midnight = Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()) * 1000;
  const moved = Date.UTC(year, month, date) * 1000 + (local - midnight);
  return { micros: moved + length.micros - start.offset * MINUTE, offset: start.offset };
}

/** The day of a moment, in its own offset. */
export function dayOf(moment: Instant): string {
  return new Date(Math.floor((moment.micros + moment.offset * MINUTE) / 1000)).toISOString().slice(0, 10);
}

/** The instant a moment stands for: itself, or the first instant (UTC) of a whole day. */
export function startOf(when: When): Instant {
  return typeof when === "string" ? { micros: Date.parse(`${when}T00:00:00Z`) * 1000, offset: 0 } : when;
}

/** Test whether a moment is not after the limit; a day lasts to its end, in the moment's own offset. */
export function isBy(moment: Instant, limit: When): boolean {
  return typeof limit === "string" ? dayOf(moment) <= limit : moment.micros <= limit.micros;
}

/** Test whether a deadline has run out; a day is judged at its end, in the deadline's own offset. */
export function hasPassed(due: Instant, when: When): boolean {
  return typeof when === "string" ? dayOf(due) <= when : due.micros < when.micros;
}

/** Write a moment in UTC, to the second. */
export function written(moment: Instant): string {
  return new Date(Math.floor(moment.micros / 1000)).toISOString().slice(0, 19) + "Z";
}

/** The first of the latest moments, or null of none. */
export function latest(moments: readonly Instant[]): Instant | null {
  return moments.reduce<Instant | null>((best, one) => (best === null || one.micros > best.micros ? one : best), null);
}

/** The first of the earliest moments, or null of none. */
export function earliest(moments: readonly Instant[]): Instant | null {
  return moments.reduce<Instant | null>((best, one) => (best === null || one.micros < best.micros ? one : best), null);
}

function isRealDay(year: number, month: number, day: number): boolean {
  const possible = year >= FIRST_YEAR && year < YEAR_AFTER && month >= 1 && month <= 12 && day >= 1;
  return possible && day <= lastDay(year, month - 1);
}

function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
}
