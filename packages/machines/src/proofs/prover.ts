import { call, eventOf, hostInstance } from "../experiments/kernel-host.js";
import { type CheckOptions, check, type End, type Model, type Verdict } from "../machines/checked/index.js";
import { entryPrefix, type Kernel, type KernelExports } from "../program/kernel.js";
import { createMemory } from "../program/program.js";
import type { Claim } from "./claim.js";

/** Half of 2^32 cycles: twice as long is 0, and nothing is random below that. */
const SLOT = 2 ** 31;

/**
 * All states or one execution of each trace; under sequential consistency, or x86-TSO, where atomics drain the buffers.
 */
export interface Exploration {
  readonly model: Model;
  readonly mode: "states" | "executions";
}

/**
 * Proves claims about the kernel, or finds them wrong: one at a time, in one memory. Blocks its thread most of the
 * time.
 */
export class Prover {
  readonly #kernel: Kernel;
  readonly #memory: WebAssembly.Memory;
  readonly #host: KernelExports;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#memory = createMemory(kernel);
    this.#host = hostInstance(kernel, this.#memory);
  }

  /** @throws {Error} the signal's reason when it is aborted */
  prove(
    claim: Claim,
    { model, mode }: Exploration,
    options: Pick<CheckOptions, "signal" | "progress"> = {},
  ): Promise<Verdict> {
    const host = this.#host;
    const { algorithm, processors, property } = claim;
    const experiment = this.#prepare(claim);
    const order = { arrives: eventOf(host, "Arrived"), enters: eventOf(host, "Acquired") };
    let after: KernelExports | undefined;
    const onEnd = ({ memory }: End) => {
      after ??= hostInstance(this.#kernel, memory);
      return unfinished(after, claim, experiment) ?? wrong(after, claim, experiment);
    };
    return check(this.#kernel, {
      processors,
      entries: `${entryPrefix(algorithm)}_run`,
      arguments: [experiment],
      memory: this.#memory,
      model,
      mode,
      pauses: mode === "states",
      onEnd,
      ...(property === "order" && { order }),
      ...options,
    });
  }

  /** Returns the experiment's address. */
  #prepare({ algorithm, processors, turns, property, patience, words }: Claim): number {
    const host = this.#host;
    host.boot(processors);
    host.set_slot(SLOT);
    host.set_patience(patience);
    const observed = property === "order" || property === "barrier";
    const experiment = call(host, algorithm, "prepare", processors, turns, 0, 0, observed ? 1 : 0, 1);
    const object = new DataView(this.#memory.buffer, host.experiment_object(experiment));
    for (const [offset, value] of words) object.setUint32(offset, value, true);
    return experiment;
  }
}

function unfinished(host: KernelExports, { processors, turns }: Claim, experiment: number): string | undefined {
  for (let processor = 0; processor < processors; processor++) {
    const done = host.experiment_done(experiment, processor) >>> 0;
    if (done !== turns) return `processor ${processor} finished ${done} turns; expected ${turns}`;
  }
  return undefined;
}

/** What the end of an experiment says against a claim; barriers look themselves, while they run. */
function wrong(host: KernelExports, claim: Claim, experiment: number): string | undefined {
  const { algorithm, processors, turns, property, error } = claim;
  const expected = processors * turns;
  if (property === "exclusion" || property === "order") {
    const count = host.experiment_protected(experiment);
    if (count !== expected) return `the protected count is ${count} after ${expected} acquisitions`;
  }
  if (property === "sum") {
    const read = (kind: string) => Number(call(host, algorithm, kind, host.experiment_object(experiment)));
    if (read("exact") !== expected) return `the exact sum is ${read("exact")} after ${expected} additions`;
    if (Math.abs(read("approximate") - expected) > error) {
      return `the cheap read is ${read("approximate")} after ${expected} additions; expected at most ${error} off`;
    }
  }
  return undefined;
}
