/**
 * The interpreter's loop. A processor executes register code until it accesses memory, calls an imported function,
 * returns or traps. It has then already been moved past the access; what takes the result is the next instruction, which
 * finds it in `low` and `high` when the processor runs again.
 *
 * Instructions that compute are put in by the build, from their table in src/wasm/instructions.ts.
 */
import * as bulk from "./bulk";
import {
  BASE,
  contextOf,
  endOf,
  FRAME,
  FUNCTION,
  growContext,
  imageOf,
  instanceOf,
  LINKAGE,
  PC,
  PLACE,
  SLOTS,
  TYPE,
  ZEROED_FROM,
  ZEROED_TO,
} from "./context";
import { CODE_PAGE } from "./image";
import { Binding, BOUND, bindingOf, NUMBER } from "./imports";
import { CODE } from "./layout";
import { Op } from "./numbers";
import { lookUp, pageBits } from "./pages";
import { LIMIT, PAGES, registersOf } from "./registers";
import * as stop from "./stop";
import { Stop } from "./stop";
import * as tables from "./tables";
import { Trap } from "./traps";

export {
  begin,
  contextBytes,
  contextOf,
  copyInstance,
  createContext,
  createInstance,
  makeRoom,
  openContext,
  openContexts,
  releaseInstance,
  remember,
  setContext,
  unchanged,
  usedBytes,
} from "./context";
export { allocate, extend, openHeap, release } from "./layout";
export { setPageBits } from "./pages";
export { registersOf } from "./registers";

/** The words of the instruction at pc. */
const A: u32 = CODE + 4;
const B: u32 = CODE + 8;
const C: u32 = CODE + 12;
const D: u32 = CODE + 16;
const E: u32 = CODE + 20;

/** Of an access word; see ACCESS in src/wasm/instructions.ts. */
const SIZE: u32 = 15;
const UNSHARED: u32 = 512;

let memoryBytes: u64 = 0;
let budget: u32 = 0xffffffff;
export function setMemoryBytes(bytes: f64): void {
  memoryBytes = <u64>bytes;
}

export function setBudget(instructions: u32): void {
  budget = instructions;
}

/** Saves where the processor goes on, and says why it stopped. */
function leave(kind: Stop, context: u32, pc: u32, next: u32, base: u32, current: u32, remaining: u32): Stop {
  store<u32>(context, next, PC);
  store<u32>(context, base - context, BASE);
  store<u32>(context, current, FUNCTION);
  store<u32>(stop.PC, pc);
  store<u32>(stop.INSTRUCTIONS, budget - remaining);
  return kind;
}

function trap(reason: Trap, context: u32, pc: u32, base: u32, current: u32, remaining: u32): Stop {
  store<u32>(stop.TRAP, reason);
  return leave(Stop.trap, context, pc, pc, base, current, remaining);
}

/** With a kernel mode: whether the processor has no translation of the page on which a function's code lies. */
function fetches(registers: u32, instance: u32, entry: u32): bool {
  if (!PRIVILEGED) return false;
  const pages = load<u32>(registers, PAGES);
  if (!pages) return false;
  const page = load<u32>(imageOf(instance), CODE_PAGE) + (load<u32>(entry, PLACE) >>> pageBits);
  if (lookUp(pages, registers, page)) return false;
  store<u32>(stop.ADDRESS, page);
  return true;
}

/** The same of a function that is returned to. */
function fetchesAgain(registers: u32, instance: u32, entry: u32, pc: u32): bool {
  return PRIVILEGED && load<u32>(pc, CODE) != Op.halt && fetches(registers, instance, entry);
}

export function run(processor: u32, low: u32, high: u32): Stop {
  let context = contextOf(processor);
  let instance = instanceOf(context);
  const registers = PRIVILEGED ? registersOf(processor) : 0;
  const limit = PRIVILEGED ? load<u64>(registers, LIMIT) : memoryBytes;
  let end = endOf(processor);
  let pc = load<u32>(context, PC);
  let base = context + load<u32>(context, BASE);
  let current = load<u32>(context, FUNCTION);
  let remaining = budget;
  store<f64>(stop.DELAY, 0);
  while (true) {
    if (!remaining) return leave(Stop.budget, context, pc, pc, base, current, remaining);
    remaining--;
    switch (load<u32>(pc, CODE)) {
      case Op.trap:
        return trap(load<Trap>(pc, A), context, pc, base, current, remaining);
      case Op.copy:
        store<u64>(base + load<u32>(pc, A), load<u64>(base + load<u32>(pc, B)));
        pc += 12;
        continue;
      case Op.constant32:
        store<u64>(base + load<u32>(pc, A), load<u32>(pc, B));
        pc += 12;
        continue;
      case Op.constant64:
        store<u64>(base + load<u32>(pc, A), load<u64>(pc, B));
        pc += 16;
        continue;
      case Op.select: {
        const chosen = load<u32>(base + load<u32>(pc, D)) ? load<u32>(pc, B) : load<u32>(pc, C);
        store<u64>(base + load<u32>(pc, A), load<u64>(base + chosen));
        pc += 20;
        continue;
      }
      case Op.globalGet:
        store<u64>(base + load<u32>(pc, A), load<u64>(instance + load<u32>(pc, B), SLOTS));
        pc += 12;
        continue;
      case Op.globalSet:
        store<u64>(instance + load<u32>(pc, A), load<u64>(base + load<u32>(pc, B)), SLOTS);
        pc += 12;
        continue;
      case Op.branch:
        pc = load<u32>(pc, A);
        continue;
      case Op.branchTable: {
        const index = min<u32>(load<u32>(base + load<u32>(pc, A)), load<u32>(pc, B));
        pc = load<u32>(pc + 4 * index, C);
        continue;
      }
      case Op.call:
      case Op.callIndirect: {
        let callee: u32;
        let next: u32;
        if (load<u32>(pc, CODE) == Op.call) {
          callee = load<u32>(pc, A);
          next = pc + 12;
        } else {
          const entry = tables.entry(instance, load<u32>(pc, B), load<u32>(base + load<u32>(pc, A)));
          if (!entry) return trap(Trap.tableOutOfBounds, context, pc, base, current, remaining);
          callee = load<u32>(entry);
          if (!callee) return trap(Trap.indirectCallToNull, context, pc, base, current, remaining);
          if (load<u32>(callee, TYPE) != load<u32>(pc, C)) {
            return trap(Trap.indirectCallTypeMismatch, context, pc, base, current, remaining);
          }
          next = pc + 20;
        }
        let frame = base + load<u32>(next, CODE - 4);
        if (frame + load<u32>(callee, FRAME) > end) {
          const offset = frame - context;
          const caller = base - context;
          const moved = growContext(processor, offset + load<u32>(callee, FRAME));
          if (!moved) return trap(Trap.callStackExhausted, context, pc, base, current, remaining);
          context = moved;
          if (!PRIVILEGED) instance = moved;
          end = endOf(processor);
          base = context + caller;
          frame = context + offset;
        }
        base = frame;
        store<u32>(base + load<u32>(callee, LINKAGE), next);
        store<u32>(base + load<u32>(callee, LINKAGE), current, 4);
        const zeroed = base + load<u32>(callee, ZEROED_TO);
        for (let local = base + load<u32>(callee, ZEROED_FROM); local < zeroed; local += 8) store<u64>(local, 0);
        current = callee;
        pc = callee;
        if (fetches(registers, instance, callee)) {
          return leave(Stop.fetch, context, pc, pc, base, current, remaining);
        }
        continue;
      }
      case Op.returnOne: {
        const linkage = base + load<u32>(pc, A);
        store<u64>(base, load<u64>(base + load<u32>(pc, B)));
        pc = load<u32>(linkage);
        current = load<u32>(linkage, 4);
        base -= load<u32>(pc, CODE - 4);
        if (fetchesAgain(registers, instance, current, pc)) {
          return leave(Stop.fetch, context, pc, pc, base, current, remaining);
        }
        continue;
      }
      case Op.returnNone: {
        const linkage = base + load<u32>(pc, A);
        pc = load<u32>(linkage);
        current = load<u32>(linkage, 4);
        base -= load<u32>(pc, CODE - 4);
        if (fetchesAgain(registers, instance, current, pc)) {
          return leave(Stop.fetch, context, pc, pc, base, current, remaining);
        }
        continue;
      }
      case Op.returnMany: {
        const linkage = base + load<u32>(pc, A);
        const from = base + load<u32>(pc, B);
        const next = load<u32>(linkage);
        current = load<u32>(linkage, 4);
        const bytes: u32 = 8 * load<u32>(pc, C);
        for (let i: u32 = 0; i < bytes; i += 8) store<u64>(base + i, load<u64>(from + i));
        pc = next;
        base -= load<u32>(pc, CODE - 4);
        if (fetchesAgain(registers, instance, current, pc)) {
          return leave(Stop.fetch, context, pc, pc, base, current, remaining);
        }
        continue;
      }
      case Op.halt:
        remaining++;
        return leave(Stop.returned, context, pc, pc, base, current, remaining);
      case Op.callImport: {
        const binding = bindingOf(instance, load<u32>(pc, A));
        const first = base + load<u32>(pc, B);
        const next = pc + 12;
        switch (load<Binding>(binding, BOUND)) {
          case Binding.value: {
            if (PRIVILEGED) {
              low = load<u32>(registers + load<u32>(binding, NUMBER));
              high = 0;
              break;
            }
            const slot = context + load<u32>(binding, NUMBER);
            low = load<u32>(slot, SLOTS);
            high = load<u32>(slot, SLOTS + 4);
            break;
          }
          case Binding.delay:
            store<f64>(stop.DELAY, load<f64>(stop.DELAY) + load<f64>(binding, NUMBER));
            break;
          case Binding.delayByArgument:
            store<f64>(stop.DELAY, load<f64>(stop.DELAY) + <f64>load<u32>(first));
            break;
          default:
            store<u32>(stop.IMPORT, load<u32>(pc, A));
            store<u32>(stop.ARGUMENTS, first);
            return leave(Stop.call, context, pc, next, base, current, remaining);
        }
        pc = next;
        continue;
      }
      case Op.atomicLoad:
      case Op.load: {
        const access = load<u32>(pc, C);
        const address = <u64>load<u32>(base + load<u32>(pc, A)) + <u64>load<u32>(pc, B);
        const size = <u64>(access & SIZE);
        if (address + size > limit) {
          return trap(Trap.memoryOutOfBounds, context, pc, base, current, remaining);
        }
        if (load<u32>(pc, CODE) == Op.atomicLoad && address & (size - 1)) {
          return trap(Trap.unaligned, context, pc, base, current, remaining);
        }
        store<u32>(stop.ADDRESS, <u32>address);
        store<u32>(stop.ACCESS, access);
        return leave(Stop.load, context, pc, pc + 16, base, current, remaining);
      }
      case Op.atomicStore:
      case Op.store:
      case Op.readModifyWrite:
      case Op.compareExchange:
      case Op.wait:
      case Op.notify: {
        const op = load<u32>(pc, CODE);
        const access = load<u32>(pc, C);
        const address = <u64>load<u32>(base + load<u32>(pc, A)) + <u64>load<u32>(pc, B);
        const size = <u64>(access & SIZE);
        if (address + size > limit) {
          return trap(Trap.memoryOutOfBounds, context, pc, base, current, remaining);
        }
        if (op != Op.store && address & (size - 1)) {
          return trap(Trap.unaligned, context, pc, base, current, remaining);
        }
        store<u32>(stop.ADDRESS, <u32>address);
        store<u32>(stop.ACCESS, access);
        const mask = <u64>-1 >> (64 - 8 * size);
        store<u64>(stop.LOW, load<u64>(base + load<u32>(pc, D)) & mask);
        if (op == Op.compareExchange) {
          store<u64>(stop.LOW_2, load<u64>(base + load<u32>(pc, E)) & mask);
          return leave(Stop.compareExchange, context, pc, pc + 24, base, current, remaining);
        }
        if (op == Op.wait) {
          if (access & UNSHARED) return trap(Trap.waitOnUnsharedMemory, context, pc, base, current, remaining);
          store<u64>(stop.LOW_2, load<u64>(base + load<u32>(pc, E)));
          return leave(Stop.wait, context, pc, pc + 24, base, current, remaining);
        }
        const kind = op == Op.readModifyWrite ? Stop.readModifyWrite : op == Op.notify ? Stop.notify : Stop.store;
        return leave(kind, context, pc, pc + 20, base, current, remaining);
      }
      case Op.fence:
        return leave(Stop.fence, context, pc, pc + 4, base, current, remaining);
      case Op.memorySize:
        return leave(Stop.memorySize, context, pc, pc + 4, base, current, remaining);
      case Op.memoryGrow:
        store<u64>(stop.LOW, load<u32>(base + load<u32>(pc, A)));
        return leave(Stop.memoryGrow, context, pc, pc + 8, base, current, remaining);
      // What takes a result is the end of the instruction before, and does not count.
      case Op.result32:
        store<u64>(base + load<u32>(pc, A), low);
        pc += 8;
        remaining++;
        continue;
      case Op.result64:
        store<u32>(base + load<u32>(pc, A), low);
        store<u32>(base + load<u32>(pc, A), high, 4);
        pc += 8;
        remaining++;
        continue;
      case Op.result32From8:
        store<u64>(base + load<u32>(pc, A), <u32>(<i32>(<i8>low)));
        pc += 8;
        remaining++;
        continue;
      case Op.result32From16:
        store<u64>(base + load<u32>(pc, A), <u32>(<i32>(<i16>low)));
        pc += 8;
        remaining++;
        continue;
      case Op.result64From8:
        store<i64>(base + load<u32>(pc, A), <i64>(<i8>low));
        pc += 8;
        remaining++;
        continue;
      case Op.result64From16:
        store<i64>(base + load<u32>(pc, A), <i64>(<i16>low));
        pc += 8;
        remaining++;
        continue;
      case Op.result64From32:
        store<i64>(base + load<u32>(pc, A), <i64>(<i32>low));
        pc += 8;
        remaining++;
        continue;
      case Op.fillCheck:
      case Op.copyCheck:
        if (!bulk.inBounds(base + load<u32>(pc, A), load<u32>(pc, CODE) == Op.copyCheck, limit)) {
          return trap(Trap.memoryOutOfBounds, context, pc, base, current, remaining);
        }
        if (
          PRIVILEGED &&
          load<u32>(registers, PAGES) &&
          bulk.probes(base + load<u32>(pc, A), load<u32>(pc, CODE) == Op.copyCheck)
        ) {
          return leave(Stop.probe, context, pc, pc + 8, base, current, remaining);
        }
        pc += 8;
        continue;
      case Op.initCheck:
        if (!bulk.initInBounds(instance, base + load<u32>(pc, A), load<u32>(pc, B), limit)) {
          return trap(Trap.memoryOutOfBounds, context, pc, base, current, remaining);
        }
        if (PRIVILEGED && load<u32>(registers, PAGES) && bulk.probes(base + load<u32>(pc, A), false)) {
          return leave(Stop.probe, context, pc, pc + 12, base, current, remaining);
        }
        pc += 12;
        continue;
      case Op.fillStep:
        if (!bulk.fillStep(base + load<u32>(pc, A))) {
          pc += 8;
          continue;
        }
        return leave(Stop.store, context, pc, pc, base, current, remaining);
      case Op.initStep:
        if (!bulk.initStep(instance, base + load<u32>(pc, A), load<u32>(pc, B))) {
          pc += 12;
          continue;
        }
        return leave(Stop.store, context, pc, pc, base, current, remaining);
      case Op.copyLoad:
        if (!bulk.copyLoad(base + load<u32>(pc, A))) {
          pc = load<u32>(pc, B);
          continue;
        }
        return leave(Stop.load, context, pc, pc + 12, base, current, remaining);
      case Op.copyStore:
        bulk.copyStore(base + load<u32>(pc, A));
        return leave(Stop.store, context, pc, load<u32>(pc, B), base, current, remaining);
      case Op.dataDrop:
        tables.dropData(instance, load<u32>(pc, A));
        pc += 8;
        continue;
      case Op.elementDrop:
        tables.dropElements(instance, load<u32>(pc, A));
        pc += 8;
        continue;
      case Op.tableGet: {
        const entry = tables.entry(instance, load<u32>(pc, B), load<u32>(base + load<u32>(pc, C)));
        if (!entry) return trap(Trap.tableOutOfBounds, context, pc, base, current, remaining);
        store<u64>(base + load<u32>(pc, A), load<u32>(entry));
        pc += 16;
        continue;
      }
      case Op.tableSet: {
        const entry = tables.entry(instance, load<u32>(pc, A), load<u32>(base + load<u32>(pc, B)));
        if (!entry) return trap(Trap.tableOutOfBounds, context, pc, base, current, remaining);
        tables.write(instance, entry, load<u32>(base + load<u32>(pc, C)));
        pc += 16;
        continue;
      }
      case Op.tableSize:
        store<u64>(base + load<u32>(pc, A), tables.length(instance, load<u32>(pc, B)));
        pc += 12;
        continue;
      case Op.tableGrow: {
        const value = load<u32>(base + load<u32>(pc, C));
        const entries = load<u32>(base + load<u32>(pc, D));
        const offset = base - context;
        const stack = tables.stackOf(context);
        store<u32>(context, offset, BASE);
        store<u32>(context, current, FUNCTION);
        const before = tables.grow(processor, load<u32>(pc, B), value, entries);
        context = contextOf(processor);
        instance = instanceOf(context);
        end = endOf(processor);
        base = context + offset + tables.stackOf(context) - stack;
        store<u64>(base + load<u32>(pc, A), <u32>before);
        pc += 20;
        continue;
      }
      case Op.tableFill:
        if (!tables.fill(instance, base + load<u32>(pc, A), load<u32>(pc, B))) {
          return trap(Trap.tableOutOfBounds, context, pc, base, current, remaining);
        }
        pc += 12;
        continue;
      case Op.tableCopy:
        if (!tables.copy(instance, base + load<u32>(pc, A), load<u32>(pc, B), load<u32>(pc, C))) {
          return trap(Trap.tableOutOfBounds, context, pc, base, current, remaining);
        }
        pc += 16;
        continue;
      case Op.tableInit:
        if (!tables.init(instance, base + load<u32>(pc, A), load<u32>(pc, B), load<u32>(pc, C))) {
          return trap(Trap.tableOutOfBounds, context, pc, base, current, remaining);
        }
        pc += 16;
        continue;
      // @computations
      default:
        unreachable();
    }
  }
}
