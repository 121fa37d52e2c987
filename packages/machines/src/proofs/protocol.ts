/**
 * What is to be proven of the library's protocols, as data: kernel/library/proofs has the entries, which use a protocol as
 * programs do, and fail where it does not keep what it promises.
 */

import { loadProgram } from "../files/program.js";
import {
  type Call,
  type CheckOptions,
  check,
  type Deaths,
  type Order,
  type Verdict,
} from "../machines/checked/index.js";
import type { Program } from "../program/program.js";
import type { Exploration } from "./prover.js";

/**
 * Where a claim that takes long is explored. `sc`: it takes more than some seconds under sequential consistency already, and
 * is for `npm run test:all`; under total store order it is for `landspout prove`. `prove`: it takes more than a minute, and is for
 * `landspout prove` alone.
 */
export type Long = "sc" | "prove";

/** A claim: in every state of a scenario, nothing fails, races, or waits for ever. */
export interface Protocol {
  /** What is proven, by its file in kernel/library: `mutex`. */
  readonly protocol: string;
  /** What takes place, for people, and by which mutants name the claim; unique for a protocol. */
  readonly scenario: string;
  readonly processors: number;
  /** What all execute, or one for each. */
  readonly entries: string | readonly string[];
  /** Of all entries; those that each takes. */
  readonly arguments?: readonly number[];
  readonly init: Call;
  readonly final?: Call;
  readonly invariant?: Call;
  readonly specification?: string;
  readonly deaths?: Deaths;
  /** Who must be served first, by what its entries mark. */
  readonly order?: Order;
  /** false: of a protocol that is right although plain accesses race. */
  readonly races?: boolean;
  /** Pages that the memory can have in `init`, where it can grow; fewer than the module says. */
  readonly maximumPages?: number;
  readonly long?: Long | undefined;
}

/** First come, first served: kernel/machine.ts has the events. */
export const FIFO: Order = { arrives: 1, enters: 2 };

let library: Promise<Program> | undefined;

/** The program that the library's workers execute, loaded once. */
export function loadLibrary(): Promise<Program> {
  library ??= loadProgram(new URL("../library.wasm", import.meta.url));
  return library;
}

/** Proves a claim about the library, or finds it wrong. Blocks its thread most of the time. */
export function proveProtocol(
  library: Program,
  { maximumPages: maximum = library.memory.maximum, ...claim }: Protocol,
  exploration: Exploration,
  options: Pick<
    CheckOptions,
    "mode" | "preemptions" | "signal" | "progress" | "visits" | "memoryLimit" | "initLimit"
  > = {},
): Promise<Verdict> {
  const program = maximum === library.memory.maximum ? library : { ...library, memory: { ...library.memory, maximum } };
  return check(program, { ...claim, ...exploration, ...options });
}
