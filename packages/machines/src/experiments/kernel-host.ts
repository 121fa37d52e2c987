import { WITHOUT_MESSAGES } from "../program/instructions.js";
import { entryPrefix, type KernelExports } from "../program/kernel.js";
import { failureName, importsOf, moduleOf, type Program } from "../program/program.js";

/**
 * An instance of the kernel for the side that measures: it prepares experiments in a memory before processors run
 * there, and reads afterwards what they recorded. Never executes a workload.
 */
export function hostInstance(kernel: Program, memory: WebAssembly.Memory): KernelExports {
  const instance: WebAssembly.Instance = new WebAssembly.Instance(
    moduleOf(kernel),
    importsOf(kernel.memory, memory, {
      ...WITHOUT_MESSAGES,
      processor: () => 0,
      processors: () => 1,
      pause: () => {},
      work: () => {},
      clock: () => 0,
      counter: () => 0,
      mark: () => {},
      invoke: () => {},
      result: () => {},
      fail: (reason: number) => {
        throw new Error(`Cannot prepare the experiment: the kernel failed: ${failureName(instance, reason)}`);
      },
    }),
  );
  return instance.exports as unknown as KernelExports;
}

/** Calls an entry of an algorithm: `call(host, "mcs", "create", 4)`. */
export function call(host: KernelExports, algorithm: string, entry: string, ...parameters: number[]): number {
  const name = `${entryPrefix(algorithm)}_${entry}`;
  return (host[name] as (...parameters: number[]) => number)(...parameters);
}

/** The number by which the kernel marks an event: `eventOf(host, "Arrived")`. */
export function eventOf(host: KernelExports, name: string): number {
  return (host[`Event.${name}`] as unknown as WebAssembly.Global).value;
}
