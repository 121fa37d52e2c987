import { call, hostInstance } from "#machines/experiments/kernel-host.js";
import { type CheckOptions, check, type Verdict } from "#machines/machines/checked/index.js";
import type { Kernel, KernelExports } from "#machines/program/kernel.js";
import { createMemory } from "#machines/program/program.js";

/** What is checked: `turns` acquisitions, or episodes, of each processor. */
export interface Work<Algorithm extends string> {
  readonly algorithm: Algorithm;
  readonly processors: number;
  readonly turns: number;
}

/** Of those that are the kernel's. */
export type KernelAlgorithm = "ticket" | "mcs" | "sense-reversing";

export function nameOf({ algorithm, processors, turns }: Work<string>): string {
  return `${algorithm} ${processors} x ${turns}`;
}

/**
 * Explores the bytes that ship, in this thread.
 *
 * @throws {Error} if there is a violation
 */
export async function checkKernel(
  kernel: Kernel,
  { algorithm, processors, turns }: Work<KernelAlgorithm>,
  mode: NonNullable<CheckOptions["mode"]>,
): Promise<Verdict> {
  const memory = createMemory(kernel);
  const host = hostInstance(kernel, memory);
  host.boot(processors);
  const barrier = algorithm === "sense-reversing";
  const experiment = call(host, algorithm, "prepare", processors, turns, 0, 0, barrier ? 1 : 0, 1);
  let end: KernelExports | undefined;
  const verdict = await check(kernel, {
    processors,
    entries: `${algorithm.replaceAll("-", "_")}_run`,
    arguments: [experiment],
    memory,
    mode,
    onEnd(state) {
      if (barrier) return undefined;
      end ??= hostInstance(kernel, state.memory);
      const counted = end.experiment_protected(experiment);
      return counted === processors * turns ? undefined : `${counted} acquisitions were counted`;
    },
  });
  if (verdict.violation) throw new Error(`Cannot measure: the checked machine says ${verdict.violation.message}`);
  return verdict;
}
