/** Values as text, in the units in which a reader gets them. */
import type { Summary } from "../experiments/measurement.js";

/** For the unit of a row the units in which a reader gets it, with their sizes, from small to large. */
const SHOWN_UNITS: Readonly<Record<string, readonly (readonly [size: number, unit: string])[]>> = {
  ns: [
    [1, "ns"],
    [1e3, "µs"],
    [1e6, "ms"],
    [1e9, "s"],
  ],
  "1/s": [
    [1, "/s"],
    [1e3, "k/s"],
    [1e6, "M/s"],
    [1e9, "G/s"],
  ],
  "1/kcycle": [[1, "per kcycle"]],
  "1": [[1, ""]],
};

/** The unit in which a reader gets the value, and how many of the row's unit it has. */
export function shownUnit(value: number, unit: string): readonly [size: number, shown: string] {
  const units = SHOWN_UNITS[unit] ?? [[1, unit]];
  const rounded = Number(value.toPrecision(3));
  return units.findLast(([size]) => rounded >= size) ?? units[0]!;
}

/** To three digits: 45.0 ns. */
export function withUnit(value: number, unit: string): string {
  const [size, shown] = shownUnit(value, unit);
  const number = Number(value.toPrecision(3)) / size;
  return `${number < 1000 ? number.toPrecision(3) : grouped(number)}\u00a0${shown}`.trimEnd();
}

/** All digits, those before the point in groups: 12,300. */
export function grouped(number: number): string {
  return number.toLocaleString("en-US", { maximumSignificantDigits: 6 });
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** From the least to the greatest value, and of how many. */
export function spread({ minimum, maximum, count }: Summary, format: (value: number) => string): string {
  return `${format(minimum)} .. ${format(maximum)}, ${counted(count, "repetition")}`;
}

/** A part of a whole, to three digits: 12.5 %. */
export function asPercent(part: number): string {
  return `${Number((part * 100).toPrecision(3))}\u00a0%`;
}
