/**
 * Runs processors while their references hit in their caches: most of what a simulation does. Everything else, what
 * others notice above all, it leaves to the other side, in the order of simulated time.
 *
 * A reference that hits silently changes nothing but its own cache and, if it writes, a line that nobody else has; so
 * nobody spins on that, and there is nobody to wake. Who is first may therefore go on with such references until another
 * can take a line from it, which is `notice` cycles later at the earliest.
 */

import { lookUp, pageBits } from "../../../../processor/interpreter/pages";
import { PAGES } from "../../../../processor/interpreter/registers";
import * as last from "../../../../processor/interpreter/stop";
import { Stop } from "../../../../processor/interpreter/stop";
import { hit, use } from "./cache";
import { firstDue, nextDue, setTime } from "./due";
import { read, write } from "./guest";
import { registersOf, run } from "./processor";
import {
  ACCESS,
  ADDRESS,
  AT,
  EARLY,
  EARLY_CALL,
  EARLY_TRAP,
  INSTRUCTIONS,
  KIND,
  LOADS,
  LOW,
  LOW_2,
  PC,
  RANK,
  RESULT,
  recordOf,
  VIRTUAL,
} from "./record";
import { spins } from "./spin";
import { noteWrite } from "./writes";

export { setPageBits } from "../../../../processor/interpreter/pages";
export { setCaches } from "./cache";
export { setDue } from "./due";
export { setRecords } from "./record";
export { spins } from "./spin";
export { setWrites } from "./writes";

/** Of an access word; see ACCESS in src/wasm/instructions.ts. */
const SIZE: u32 = 15;

/** What became of a processor whose access was due. Must equal TURN in src/machines/simulated/processors/runner.ts. */
enum Turn {
  /** It is over, and the next one due. */
  over,
  /** The access is one for the other side. */
  left,
  /** It is a load, and the processor spins. */
  spins,
  /** It is over, and the processor has stopped for what it does at once. */
  stopped,
}
const NOBODY: i32 = -1;

let cyclesPerInstruction: f64 = 1;
let hitCycles: f64 = 0;
let parking: bool = false;
/** Cycles from a reference that does not hit to what it does to another's cache, at least. */
let notice: f64 = 0;

export function setTiming(instruction: f64, ofHit: f64, parks: bool, ofNotice: f64): void {
  cyclesPerInstruction = instruction;
  hitCycles = ofHit;
  parking = parks;
  notice = ofNotice;
}

/** The processor's access is due, at its time; Infinity for none. */
export function schedule(processor: u32, time: f64): void {
  setTime(load<u32>(recordOf(processor), RANK), time);
}

/** The processor computes up to its next stop; which that is. */
export function advance(processor: u32): Stop {
  const record = recordOf(processor);
  const kind = run(processor, load<u32>(record, RESULT), load<u32>(record, RESULT + 4));
  store<u64>(record, load<u64>(last.ADDRESS), ADDRESS);
  store<u64>(record, load<u64>(last.LOW), LOW);
  store<u64>(record, load<u64>(last.LOW_2), LOW_2);
  store<u32>(record, load<u32>(last.PC), PC);
  store<u32>(record, kind, KIND);
  if (PRIVILEGED) {
    store<u32>(record, load<u32>(last.ADDRESS), VIRTUAL);
    if (kind >= Stop.call) {
      store<u64>(record, load<u64>(last.IMPORT), EARLY_CALL);
      store<u32>(record, load<u32>(last.TRAP), EARLY_TRAP);
    }
  }
  const instructions = <f64>load<u32>(last.INSTRUCTIONS);
  store<f64>(record, load<f64>(record, INSTRUCTIONS) + instructions, INSTRUCTIONS);
  const cycles = instructions * cyclesPerInstruction + load<f64>(last.DELAY);
  store<f64>(record, load<f64>(record, AT) + cycles, AT);
  return kind;
}

/** The translation's bit that allows writes; see kernel/privileged.ts. */
const WRITABLE: u32 = 2;

/**
 * Finds out the physical address of the processor's access, if all of that is in one page of which it has a translation that
 * allows it.
 */
export function translate(processor: u32, record: u32, write: bool): bool {
  const registers = registersOf(processor);
  const pages = load<u32>(registers, PAGES);
  const address = load<u32>(record, VIRTUAL);
  if (pages) {
    const mask = ((<u32>1) << pageBits) - 1;
    if ((address & mask) + (load<u32>(record, ACCESS) & SIZE) > mask + 1) return false;
    const translation = lookUp(pages, registers, address >>> pageBits);
    if (!translation || (write && !(translation & WRITABLE))) return false;
    store<u32>(record, (translation & ~mask) | (address & mask), ADDRESS);
  } else {
    store<u32>(record, address, ADDRESS);
  }
  return true;
}

/** The processor's access takes place, if it hits and nobody else needs to know. */
function refer(processor: u32, record: u32): Turn {
  const kind = load<Stop>(record, KIND);
  if (PRIVILEGED && kind == Stop.budget) {
    advance(processor);
    return Turn.over;
  }
  if (kind > Stop.store) return Turn.left;
  if (PRIVILEGED && !translate(processor, record, kind == Stop.store)) return Turn.left;
  const address = load<u32>(record, ADDRESS);
  const size = load<u32>(record, ACCESS) & SIZE;
  const slot = hit(record, kind, address, size);
  if (slot == -1) return Turn.left;
  if (kind == Stop.load) {
    if (parking && spins(processor)) return Turn.spins;
    store<u64>(record, read(address, size), RESULT);
  } else {
    if (!noteWrite(address, size)) return Turn.left;
    store<u64>(record, 0, LOADS);
    write(address, size, load<u64>(record, LOW));
  }
  use(record, kind, slot);
  store<f64>(record, load<f64>(record, AT) + hitCycles, AT);
  switch (advance(processor)) {
    case Stop.fence:
      return Turn.stopped;
    case Stop.call:
    case Stop.returned:
    case Stop.trap:
      // With a kernel mode others may have to come first: an interrupt.
      return PRIVILEGED ? Turn.over : Turn.stopped;
    default:
      return Turn.over;
  }
}

/** The processor has had a turn for the other side before it is due; what it stopped for is kept until then. */
function keepEarly(record: u32, turn: Turn): void {
  store<u32>(record, turn, EARLY);
  if (PRIVILEGED) return;
  store<u64>(record, load<u64>(last.IMPORT), EARLY_CALL);
  store<u32>(record, load<u32>(last.TRAP), EARLY_TRAP);
}

/** The turn that the processor has had early; Turn.over for none. */
function takeEarly(record: u32): Turn {
  const turn = load<Turn>(record, EARLY);
  if (turn != Turn.over) {
    store<u32>(record, Turn.over, EARLY);
    if (PRIVILEGED) return turn;
    store<u64>(last.IMPORT, load<u64>(record, EARLY_CALL));
    store<u32>(last.TRAP, load<u32>(record, EARLY_TRAP));
  }
  return turn;
}

/**
 * Lets processors go on, until one comes to what is for the other side, in the order in which they are due; or all that
 * are due before `until` have had their turns, and those that hit before `ahead`; or `most` turns are over. Nobody has one
 * after `end`. Nothing is due of the processor that it comes to.
 *
 * @returns its number times 4, and which turn it had; or NOBODY
 */
export function go(until: f64, ahead: f64, end: f64, most: u32): i32 {
  while (most > 0) {
    const first = nextDue();
    if (first >= ahead || first > end) return NOBODY;
    const processor = firstDue();
    const record = recordOf(processor);
    const rank = load<u32>(record, RANK);
    const horizon = min(min(ahead, first + notice), end);
    let turn = takeEarly(record);
    let time = first;
    if (turn == Turn.over) {
      turn = refer(processor, record);
      for (most--; turn == Turn.over && most > 0; most--) {
        const next = load<f64>(record, AT);
        if (next >= horizon) break;
        time = next;
        turn = refer(processor, record);
      }
    }
    if (turn == Turn.over) {
      setTime(rank, load<f64>(record, AT));
    } else if (time > first || time >= until) {
      // Others or events come before it.
      if (turn != Turn.left) keepEarly(record, turn);
      setTime(rank, time);
      if (time == first) return NOBODY;
    } else {
      setTime(rank, Infinity);
      return 4 * processor + turn;
    }
  }
  return NOBODY;
}
