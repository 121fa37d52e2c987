/**
 * Epochs: each processor counts the operations under way in two generations, and begins new ones in the present one. It
 * goes on to the next generation when no operation of the former one is left. Two steps after a moment, all operations that
 * were under way then are over, even if some operation is always under way.
 *
 *     R    | active: of even generations | of odd ones | wanted |       the processor's own: nobody else looks
 *          | generation |                                               others read it
 *          | markers -> | of processor 0 | 1 | ... |                    what their generations were
 *
 * Whoever waits notes the generations of those that it waits for, and looks until each is two more, or not present.
 *
 *     generation        m                 m + 1             m + 2
 *     operations of     m - 1, m          m, m + 1          m + 1, m + 2
 *     marker            m                                   over: those of m - 1 and m have ended
 *
 * Deaths: nobody waits for a processor that is not present. One that comes again has no operation under way, and goes on.
 *
 * @source K42: ActiveThrdCnt; Appavoo et al., "Experience distributing objects in an SMMP OS", TOCS 25(3), 2007
 */
import { read, write } from "../atomics";
import { generation, isPresent, managerOf, processorsOf, recordOf, ring } from "./manager";
import { visits } from "./token";

const active: u32 = 52;
const wanted: u32 = 60;
const markers: u32 = 64;

/** `words`: of 4 bytes for each processor. */
export function createEpochs(R: usize, words: usize): void {
  store<u32>(R + markers, <u32>words);
}

/** In which generation it has begun, to be told when it ends: 0 for an even one, 1 for an odd one. */
export function begin(R: usize): u32 {
  const which = read(R + generation) & 1;
  store<u32>(R + active + which * 4, load<u32>(R + active + which * 4) + 1);
  return which;
}

export function end(R: usize, which: u32): void {
  store<u32>(R + active + which * 4, load<u32>(R + active + which * 4) - 1);
}

export function forget(R: usize): void {
  store<u32>(R + active, 0);
  store<u32>(R + active + 4, 0);
  store<u32>(R + wanted, read(R + generation));
}

/** Two steps from now somebody has waited for. */
export function hear(R: usize): void {
  store<u32>(R + wanted, read(R + generation) + 2);
}

export function isBehind(R: usize): bool {
  return read(R + generation) != load<u32>(R + wanted);
}

/** Goes on as far as operations allow. False if somebody still waits for it. */
export function visit(R: usize): bool {
  for (let now = read(R + generation); now != load<u32>(R + wanted); now++) {
    if (load<u32>(R + active + ((now + 1) & 1) * 4) != 0) return false;
    write(R + generation, now + 1);
  }
  return true;
}

export function start(R: usize): void {
  const M = managerOf(R);
  for (let p: u32 = 0, P = processorsOf(M); p < P; p++) {
    if (!isVisited(R, p)) continue;
    const its = recordOf(M, p);
    store<u32>(markerOf(R, p), read(its + generation));
    ring(its);
  }
}

export function isOver(R: usize): bool {
  return holdsUp(R) == processorsOf(managerOf(R));
}

/** The first of those that are waited for, or as many as there are processors if that is nobody. */
export function holdsUp(R: usize): u32 {
  const M = managerOf(R);
  const P = processorsOf(M);
  for (let p: u32 = 0; p < P; p++) {
    const its = recordOf(M, p);
    if (isVisited(R, p) && read(its + generation) - load<u32>(markerOf(R, p)) < 2 && isPresent(its)) return p;
  }
  return P;
}

function isVisited(R: usize, p: u32): bool {
  return ((read(<usize>load<u32>(R + visits) + (p / 32) * 4) >> (p % 32)) & 1) != 0;
}

function markerOf(R: usize, p: u32): usize {
  return <usize>load<u32>(R + markers) + p * 4;
}
