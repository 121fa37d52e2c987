/**
 * Schedules as text: one line that a person can read and a shell can pass on, in the syntax of an address's query.
 *
 *     module=queue.wasm&hash=8d2b01a6f0c4&entry=put&entry=take&final=empty&model=tso&shared=0x440,0x444&schedule=0*2,1,3,0
 *
 * `schedule` and `repeated` are of transitions (see Violation), n*k standing for k times n.
 */
import type { Program } from "../../../program/program.js";
import type { CheckOptions } from "../options.js";
import type { Schedule } from "../verdict.js";

/** Bytes of a program's SHA-256 by which it is known. */
const HASHED = 6;

/** What a replay text says. */
export interface Replay {
  /** The module's file, or whatever its program is known by. */
  readonly module: string;
  /** The first 12 hexadecimal digits of its bytes' SHA-256. */
  readonly hash: string;
  readonly options: ReplayOptions;
  readonly way: Schedule;
}

/** The options that text can say, and that a schedule depends on. */
export type ReplayOptions = Pick<
  CheckOptions,
  | "processors"
  | "entries"
  | "arguments"
  | "init"
  | "invariant"
  | "final"
  | "deaths"
  | "specification"
  | "model"
  | "buffered"
  | "races"
>;

/** By which a replay's text knows a program. In browsers, for pages that came by HTTPS or from this computer. */
export async function hashOf({ bytes }: Program): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest.subarray(0, HASHED), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The replay's text. Calls are of functions without parameters. */
export function formatReplay({ module, hash, options, way }: Replay): string {
  const { entries, processors, arguments: values = [], init, invariant, final, deaths, specification } = options;
  const { model, buffered, races } = options;
  const fields: [name: string, value: string | number | boolean | undefined][] = [
    ["module", module],
    ["hash", hash],
    ...[entries].flat().map((entry): [string, string] => ["entry", entry]),
    ["processors", processors],
    ["arguments", values.map(formatArgument).join(",") || undefined],
    ["init", init?.entry],
    ["invariant", invariant?.entry],
    ["final", final?.entry],
    ["deaths", deaths?.entry],
    ["mortal", deaths?.processors?.join(",")],
    ["most-deaths", deaths?.most],
    ["specification", specification],
    ["model", model],
    ["buffered", buffered],
    ["races", races],
    ["shared", way.shared.map((address) => `0x${address.toString(16)}`).join(",") || undefined],
    ["schedule", compress(way.schedule)],
    ["repeated", way.repeated || undefined],
  ];
  return fields.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${quote(String(value))}`])).join("&");
}

/**
 * Reads a replay's text.
 *
 * @throws {Error} if it is none
 */
export function parseReplay(text: string): Replay {
  const fields = new URLSearchParams(text);
  const take = <T>(name: string, read: (value: string) => T | undefined, expected: string): T | undefined => {
    const value = fields.get(name);
    fields.delete(name);
    if (value === null) return undefined;
    const taken = read(value);
    if (taken === undefined) throw unreadable(`${name}=${value}`, expected);
    return taken;
  };
  const need = <T>(name: string, read: (value: string) => T | undefined, expected: string): T => {
    const taken = take(name, read, expected);
    if (taken === undefined) throw unreadable(`no ${name}`, `${name}=..., ${expected}`);
    return taken;
  };
  const name = (value: string) => value || undefined;
  const call = (which: string) => {
    const entry = take(which, name, "a function");
    return entry === undefined ? {} : { [which]: { entry } };
  };
  const optional = (which: string, value: unknown) => (value === undefined ? {} : { [which]: value });
  const oneOf = <T extends string>(...known: readonly T[]) =>
    [(value: string) => known.find((k) => k === value), known.join(" or ")] as const;
  const deaths = () => {
    const entry = take("deaths", name, "a function");
    if (entry === undefined) return {};
    const processors = optional("processors", take("mortal", readList(readWhole), "processors"));
    return { deaths: { entry, ...processors, ...optional("most", take("most-deaths", readWhole, "a number")) } };
  };
  const entries = fields.getAll("entry");
  if (entries.length === 0) throw unreadable("no entry", "entry=..., a function, one or one for each processor");
  fields.delete("entry");
  const replay: Replay = {
    module: need("module", name, "a module's file"),
    hash: need("hash", (value) => (/^[\da-f]{12}$/.test(value) ? value : undefined), "12 hexadecimal digits"),
    options: {
      entries: entries.length === 1 ? entries[0]! : entries,
      ...optional("processors", take("processors", readWhole, "a number")),
      ...optional("arguments", take("arguments", readList(readArgument), "numbers, of 64 bits with an n")),
      ...call("init"),
      ...call("invariant"),
      ...call("final"),
      ...deaths(),
      ...optional("specification", take("specification", name, "a function")),
      ...optional("model", take("model", ...oneOf("sc", "tso"))),
      ...optional("buffered", take("buffered", ...oneOf("plain", "all"))),
      ...optional(
        "races",
        take("races", (value) => ({ true: true, false: false })[value], "true or false"),
      ),
    },
    way: {
      shared: take("shared", readList(readWhole), "addresses") ?? [],
      schedule: need("schedule", decompress, "transitions, such as 0*3,1,0"),
      repeated: take("repeated", readWhole, "a number") ?? 0,
    },
  };
  const [unknown] = [...fields.keys()];
  if (unknown !== undefined) throw unreadable(`${unknown}=...`, "what landspout check prints");
  return replay;
}

function unreadable(received: string, expected: string): Error {
  return new Error(`Cannot read the replay text: received ${received}; expected ${expected}`);
}

/** As in an address, but for characters that have no meaning there or are safe inside a shell's quotes. */
function quote(value: string): string {
  return encodeURIComponent(value)
    .replace(/%2C|%2F|%3A|%24|%40/g, decodeURIComponent)
    .replaceAll("'", "%27");
}

function formatArgument(value: number | bigint): string {
  if (typeof value === "bigint") return `${value}n`;
  return Object.is(value, -0) ? "-0" : String(value);
}

function readArgument(text: string): number | bigint | undefined {
  if (/^-?\d+n$/.test(text)) return BigInt(text.slice(0, -1));
  const value = Number(text);
  return text.trim() === "" || (Number.isNaN(value) && text !== "NaN") ? undefined : value;
}

function readWhole(text: string): number | undefined {
  return /^(\d+|0x[\da-f]+)$/.test(text) ? Number(text) : undefined;
}

function readList<T>(read: (text: string) => T | undefined): (text: string) => T[] | undefined {
  return (text) => {
    const values = text.split(",").map(read);
    return values.includes(undefined) ? undefined : (values as T[]);
  };
}

/** 0,0,0,1 as 0*3,1. */
function compress(schedule: readonly number[]): string {
  return schedule
    .flatMap((transition, i) => {
      if (transition === schedule[i - 1]) return [];
      const end = schedule.findIndex((other, j) => j > i && other !== transition);
      const times = (end < 0 ? schedule.length : end) - i;
      return [times === 1 ? String(transition) : `${transition}*${times}`];
    })
    .join(",");
}

function decompress(text: string): number[] | undefined {
  if (text === "") return [];
  const runs = text.split(",").map((run) => /^(\d{1,3})(?:\*(\d{1,7}))?$/.exec(run));
  if (runs.includes(null)) return undefined;
  return runs.flatMap((run) => new Array<number>(Number(run![2] ?? 1)).fill(Number(run![1])));
}
