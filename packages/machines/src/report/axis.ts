/** The axis of a plot's values: both of its ends are ticks, and one unit serves all of them. */
import { grouped, shownUnit } from "./values.js";

export interface Axis {
  readonly logarithmic: boolean;
  /** Of the ticks' texts; empty for plain numbers. */
  readonly unit: string;
  /** Ascending: the first and the last are the axis' ends. */
  readonly ticks: readonly Tick[];
  /** The value in the axis' unit, to three digits. */
  readonly text: (value: number) => string;
  /** Where the value lies: 0 at the low end, 1 at the high one. */
  readonly position: (value: number) => number;
}

export interface Tick {
  readonly value: number;
  readonly text: string;
}

/** An axis that could be linear is logarithmic from that ratio between its largest and its smallest value on. */
const LINEAR_RATIO = 20;
/** Where a decade of a logarithmic axis is divided, unless the axis has more decades than that. */
const STEPS = [1, 2, 5];
const DIVIDED_DECADES = 4;
/** Into how many steps a linear axis is divided at most. */
const LINEAR_STEPS = 6;

/** The axis for values from `low`, more than 0, to `high` in that unit. `spans`: whether they usually span decades. */
export function axisOf(low: number, high: number, unit: string, spans: boolean): Axis {
  const logarithmic = spans || high / low > LINEAR_RATIO;
  const values = logarithmic ? logarithmicTicks(low, high) : linearTicks(high);
  const [first, last] = [values[0]!, values.at(-1)!];
  const [size, shown] = shownUnit(logarithmic ? Math.sqrt(first * last) : last, unit);
  return {
    logarithmic,
    unit: shown,
    ticks: values.map((value) => ({ value, text: grouped(value / size) })),
    text: (value) => grouped(Number((value / size).toPrecision(3))),
    position: logarithmic
      ? (value) => Math.log(value / first) / Math.log(last / first)
      : (value) => (value - first) / (last - first),
  };
}

/** Where a value lies between the least and the greatest of some: 0 to 1, in the middle where they are the same. */
export function partOf(values: readonly number[]): (value: number) => number {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return (value) => (low === high ? 0.5 : (value - low) / (high - low));
}

function logarithmicTicks(low: number, high: number): number[] {
  const steps = Math.log10(high / low) > DIVIDED_DECADES ? [1] : STEPS;
  const ticks: number[] = [];
  // From the decade before: the logarithm of a value just below a power of ten is that power's.
  for (let decade = Math.floor(Math.log10(low)) - 1; ticks.length === 0 || ticks.at(-1)! <= high; decade++) {
    for (const step of steps) ticks.push(Number(`${step}e${decade}`));
  }
  const first = ticks.findLastIndex((tick) => tick <= low);
  const last = ticks.findIndex((tick, i) => tick >= high && i > first);
  return ticks.slice(first, last + 1);
}

/** From 0. */
function linearTicks(high: number): number[] {
  const decade = 10 ** Math.floor(Math.log10(high / LINEAR_STEPS));
  const step = [...STEPS, 10].map((step) => step * decade).find((step) => high / step <= LINEAR_STEPS)!;
  return Array.from({ length: Math.ceil(high / step) + 1 }, (_, i) => i * step);
}
