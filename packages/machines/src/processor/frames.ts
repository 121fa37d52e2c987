/**
 * The frames of a context, from the innermost call outwards; see src/processor/interpreter/context.ts for their layout.
 */
import type { Liveness } from "../wasm/liveness.js";
import { CONTEXT, type Image } from "./image.js";
import { CODE, type Interpreter } from "./interpreter.js";

/** In the head of a function, before its entry. */
const LINKAGE = CODE - 16;
/** The last word of a call, before the pc it returns to: by how much the called frame begins after the calling one. */
const OFFSET = CODE - 4;

/** The pcs of a processor's calls that have not returned, the innermost first, relative to the image's code. */
export function callsOf({ exports, view }: Interpreter, image: Image, processor: number): number[] {
  const context = exports.contextOf(processor);
  const pcs: number[] = [];
  let pc = view.getUint32(context + CONTEXT.pc, true);
  let base = context + view.getUint32(context + CONTEXT.base, true);
  let entry = view.getUint32(context + CONTEXT.function, true);
  while (pc !== image.halt) {
    pcs.push(pc - image.base);
    const linkage = base + view.getUint32(entry + LINKAGE, true);
    const next = view.getUint32(linkage, true);
    entry = view.getUint32(linkage + 4, true);
    base -= view.getUint32(next + OFFSET, true);
    // A return pc is after its call, and may be after the function that calls.
    pc = next === image.halt ? next : next - 4;
  }
  return pcs;
}

/** Zeroes what a processor will not read any more, so that its state says nothing of how it came there. */
export function forget(interpreter: Interpreter, image: Image, liveness: Liveness, processor: number): void {
  const { exports, view, words } = interpreter;
  const context = exports.contextOf(processor);
  let pc = view.getUint32(context + CONTEXT.pc, true);
  let base = context + view.getUint32(context + CONTEXT.base, true);
  let entry = view.getUint32(context + CONTEXT.function, true);
  let end = context + exports.usedBytes(processor);
  if (pc === image.halt) {
    const { results } = image.code.module.functions[image.functionOf(entry)!]!;
    new Uint8Array(view.buffer).fill(0, base + 8 * results.length, end);
    return;
  }
  while (pc !== image.halt) {
    const linkage = base + view.getUint32(entry + LINKAGE, true);
    const live = liveness.at(pc - image.base);
    for (let register = 0; base + 8 * register < end; register++) {
      const at = base + 8 * register;
      if (live[register] === 0 && at !== linkage) words[at >>> 2] = words[(at >>> 2) + 1] = 0;
    }
    end = base;
    pc = view.getUint32(linkage, true);
    entry = view.getUint32(linkage + 4, true);
    base -= view.getUint32(pc + OFFSET, true);
  }
}
