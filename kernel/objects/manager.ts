/**
 * What processors share to find clustered objects, and what each of them has of its own.
 *
 *     M   | processors | places | bound | form | orphans | record of processor 0 | 1 | ...    nearly never written
 *     R   | M | p | operations under way ...                             line of processor p alone
 *         | bell |                                                       line that others write
 *         | incarnation | generation |                                   line that others read
 *         | returned: blocks of a line | of a root |                     line that others write
 *         | translation table | tables with a word for each processor ...
 *
 * R is local memory of its processor. Offsets are of bytes from R; each file names what it keeps there. A processor is
 * present while its incarnation is odd: it comes with `come`, goes with `leave`, and whoever finds out that it died
 * executes `repair` for it.
 *
 * Invariant: incarnations only grow, by its own processor from even to odd, by anybody from odd to even, once each.
 *
 * @source Gamsa, Krieger, Appavoo and Stumm, Tornado, OSDI 1999, section 3; K42: COSMgr
 */
import { compare_and_swap, fetch_and_increment, read, write } from "../atomics";
import { CACHE_LINE, local, shared } from "../memory/placement";

const processorsIn: u32 = 0;
const placesIn: u32 = 4;
const boundIn: u32 = 8;
const formIn: u32 = 12;
/** How often processors have died, or left, that may have left something: a line that is read now and then. */
const orphansIn: u32 = CACHE_LINE;
const records: u32 = 2 * CACHE_LINE;

const manager: u32 = 0;
const me: u32 = 4;
/** Of M's orphans, those that this processor has looked after. */
export const orphansSeen: u32 = 8;
/** Of its bell, what it has answered. */
export const heard: u32 = 12;

const bell: u32 = CACHE_LINE;
const incarnation: u32 = 2 * CACHE_LINE;
export const generation: u32 = 2 * CACHE_LINE + 4;
export const returned: u32 = 3 * CACHE_LINE;
/** Bytes of the record before its translation table. */
export const RECORD: u32 = 4 * CACHE_LINE;

/** How existence is known: operations under way are counted, and a token goes round or generations go by. */
export enum Form {
  Token = 0,
  Epochs = 1,
}

/** `bound`: objects that a processor has destroyed and whose memory has not come back, at most. */
export function createManager(processors: u32, places: u32, bound: u32, form: Form): usize {
  const M = shared(records + processors * 4);
  store<u32>(M + processorsIn, processors);
  store<u32>(M + placesIn, places);
  store<u32>(M + boundIn, bound);
  store<u32>(M + formIn, form);
  return M;
}

/** A record with so many bytes behind its first lines, which belong to processor p. */
export function createRecord(M: usize, p: u32, bytes: u32): usize {
  const R = local(p, RECORD + bytes);
  store<u32>(R + manager, <u32>M);
  store<u32>(R + me, p);
  store<u32>(M + records + p * 4, <u32>R);
  return R;
}

export function managerOf(R: usize): usize {
  return load<u32>(R + manager);
}

export function numberOf(R: usize): u32 {
  return load<u32>(R + me);
}

export function recordOf(M: usize, p: u32): usize {
  return load<u32>(M + records + p * 4);
}

export function processorsOf(M: usize): u32 {
  return load<u32>(M + processorsIn);
}

export function placesOf(M: usize): u32 {
  return load<u32>(M + placesIn);
}

export function boundOf(M: usize): u32 {
  return load<u32>(M + boundIn);
}

export function formOf(M: usize): Form {
  return load<u32>(M + formIn);
}

export function incarnationOf(R: usize): u32 {
  return read(R + incarnation);
}

export function isPresent(R: usize): bool {
  return (incarnationOf(R) & 1) != 0;
}

/** By the processor itself, when all else is ready. */
export function appear(R: usize): void {
  write(R + incarnation, incarnationOf(R) + 1);
}

/** By anybody, when it has died or is about to leave. */
export function disappear(R: usize): void {
  const present = incarnationOf(R);
  if (present & 1) compare_and_swap(R + incarnation, present, present + 1);
}

/** That processor is to look, the next time that it has no operation under way. */
export function ring(R: usize): void {
  fetch_and_increment(R + bell);
}

export function rung(R: usize): u32 {
  return read(R + bell);
}

export function orphans(M: usize): u32 {
  return read(M + orphansIn);
}

/** What processors had destroyed that are not present any more is for those who are. */
export function tellOrphans(M: usize): void {
  fetch_and_increment(M + orphansIn);
  for (let p: u32 = 0, P = processorsOf(M); p < P; p++) ring(recordOf(M, p));
}

/** Bytes of a set of processors, a bit for each. */
export function bytesOfSet(processors: u32): u32 {
  return ((processors + 31) / 32) * 4;
}
