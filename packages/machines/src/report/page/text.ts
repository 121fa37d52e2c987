// Values as text, in the units in which a reader gets them.
import type { Summary } from "../../experiments/measurement.js";

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
  cycles: [
    [1, "cycles"],
    [1e3, "kcycles"],
    [1e6, "Mcycles"],
  ],
  "1/kcycle": [[1, "/kcycle"]],
  "1": [[1, ""]],
};

/** The value in the unit that suits it. */
export function inShownUnit(value: number, unit: string): [number: number, unit: string] {
  const units = SHOWN_UNITS[unit] ?? [];
  const rounded = Number(value.toPrecision(3));
  const [size, shown] = units.findLast(([size]) => rounded >= size) ?? units[0] ?? [1, unit];
  return [rounded / size, shown];
}

/** To three digits: 45.0 ns. */
export function withUnit(value: number, unit: string): string {
  const [number, shown] = inShownUnit(value, unit);
  return `${number < 1000 ? number.toPrecision(3) : number}\u00a0${shown}`.trimEnd();
}

/** As short as it can be: 45 ns. */
export function shortWithUnit(value: number, unit: string): string {
  const [number, shown] = inShownUnit(value, unit);
  return value === 0 ? "0" : `${Number(number.toPrecision(3))}\u00a0${shown}`.trimEnd();
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** From the least to the greatest value, and of how many. */
export function spread({ minimum, maximum, count }: Summary, format: (value: number) => string): string {
  return `${format(minimum)} .. ${format(maximum)}, ${counted(count, "repetition")}`;
}
