/** What a service says about itself: the names of its procedures, in the order of their numbers, and their signatures. */
import { described, wrong } from "../arguments.js";
import type { SharedSpace } from "../space.js";
import { Signature, signatureOf } from "./signature.js";

/** What a thread executes for others: functions by name. */
// biome-ignore lint/suspicious/noExplicitAny: as parameters of functions are compared, `unknown` takes none.
export type Procedures = Readonly<Record<string, (...args: any[]) => unknown>>;

export interface Described {
  readonly name: string;
  readonly signature: Signature | undefined;
}

const WHAT = "make a Service";
/** Names that a Binding has for itself, or that make it what is awaited. */
const TAKEN = ["async", "then"];
const utf8 = new TextEncoder();

/** @throws {TypeError} */
export function mustBeProcedures(procedures: unknown): asserts procedures is Procedures {
  if (typeof procedures !== "object" || procedures === null)
    throw wrong(WHAT, procedures, "procedures: functions by name");
  const entries = Object.entries(procedures);
  if (entries.length === 0) throw wrong(WHAT, procedures, "procedures: at least one function");
  for (const [name, its] of entries) {
    if (typeof its !== "function") throw wrong(WHAT, its, `a function as the procedure ${described(name)}`);
    if (TAKEN.includes(name)) throw wrong(WHAT, name, "another name of a procedure: a Binding has this one");
  }
}

/** As text, the same for the same procedures and the same name. */
export function describe(name: string, procedures: Procedures): string {
  const entries = Object.keys(procedures)
    .sort()
    .map((name) => [name, signatureOf(procedures[name]!)?.text ?? ""]);
  return JSON.stringify([name, entries]);
}

/** Bytes that the largest arguments or results of signatures take. */
export function roomFor(procedures: Procedures): number {
  const sizes = Object.values(procedures).map((its) => {
    const signature = signatureOf(its);
    return Math.max(signature?.parameters.size ?? 0, signature?.results.size ?? 0);
  });
  return Math.max(...sizes);
}

/** Keeps the text in a block of the space. @throws {SpaceFullError} */
export function writeDescription(space: SharedSpace, text: string): number {
  const encoded = utf8.encode(text);
  const block = space.mustHaveRoom("a Service", space.kernel.allocate(4 + encoded.length));
  space.words(block, 4)[block >>> 2] = encoded.length;
  space.bytes(block, 4 + encoded.length).set(encoded, block + 4);
  return block;
}

export function readDescription(space: SharedSpace, block: number): string {
  const length = space.words(block, 4)[block >>> 2]!;
  return new TextDecoder().decode(space.bytes(block, 4 + length).slice(block + 4, block + 4 + length));
}

export interface Description {
  readonly name: string;
  readonly procedures: readonly Described[];
}

export function parseDescription(text: string): Description {
  const [name, entries] = JSON.parse(text) as [string, [string, string][]];
  const procedures = entries.map(([its, signature]) => ({
    name: its,
    signature: signature === "" ? undefined : Signature.from(signature),
  }));
  return { name, procedures };
}
