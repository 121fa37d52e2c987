import { hostInstance } from "../experiments/kernel-host.js";
import { entryPrefix } from "../program/kernel.js";
import type { Program } from "../program/program.js";

/** Answers of `next` from here on are no tasks. */
export const LATER = 0xffff_fffe;

/** What the kernel exports of a policy: kernel/kinds/policy.ts. */
type Entry = "create" | "come" | "ready" | "next" | "bell" | "done";
export type Policy = Readonly<Record<Entry, (...parameters: number[]) => number>>;

/** A policy of the kernel in a memory of its own, whose decisions a model asks for in one thread. */
export function policyOf(kernel: Program, memory: WebAssembly.Memory, name: string, processors: number): Policy {
  const exports = hostInstance(kernel, memory);
  exports.boot(processors);
  const entry = (of: Entry) => exports[`${entryPrefix(name)}_${of}`] as Policy[Entry];
  return {
    create: entry("create"),
    come: entry("come"),
    ready: entry("ready"),
    next: entry("next"),
    bell: entry("bell"),
    done: entry("done"),
  };
}
