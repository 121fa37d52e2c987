/**
 * Service: procedures that one or several workers, its servers, execute for all threads of the space. A call has one A-stack,
 * the record and the room of its arguments and of its answer. Each slot has an A-stack of its own, for the calls that its worker
 * blocks in; nested calls, and those that do not block, take one of those that all share.
 *
 *     V | identity | shared A-stacks | bytes of each one's room | bytes of each | words of hints | state | described: a block | wanted |
 *       | watcher |     line
 *       | serving: a bit for each slot | asleep: the same | CALLED: a bit for each A-stack | FREE: the same |     lines
 *       | slots' lines: listing, rests, watches, last, inRow, position, wants, expected, word, blocks, delay |
 *       | shared A-stacks | each slot's |
 *
 *     record of a worker:  | calling: the service in whose A-stack of its own it has a call | outcome |     space.ts
 *
 *     word:   | slot 16 | sequence 12 | phase 4 |       all of it changes by one compare_and_swap, where others may change it
 *
 *     phase            slot     means                                 next, and by whom
 *     FREE             0        nobody's                              CLAIMED: whoever calls
 *     CLAIMED          caller   it writes the arguments               CALLED, FREE: the caller
 *     CALLED           caller   it waits for a server                 RUNNING: a server. CLAIMED: the caller, who gives up.
 *                                                                     FAILED: whoever finds that nobody serves
 *     RUNNING          server   it executes                           ANSWERED, THREW: the server. ORPHANED: the caller, who gives
 *                                                                     up. FAILED: the server, who leaves
 *     ORPHANED         server   so, and nobody wants the answer       FREE: the server
 *     ANSWERED, THREW  caller   there is an answer                    FREE: the caller
 *     FAILED           caller   there is none, and will not be        FREE: the caller
 *
 * A bit of the hints says where to look: an A-stack is CALLED, or FREE. It is set after the word, and cleared by whoever finds
 * that it is wrong, who then looks at the word once more. So it may be set though the word says something else.
 *
 * An A-stack of a slot's own is its worker's while `calling` says so. It has no FREE hint, and keeps its word after the call:
 * service-own.ts.
 *
 * To claim: 1. Own: `calling`; shared: `inside` (existence.ts), then CLAIMED. 2. Look at the state, then at the identity: the
 * service is open and not freed. Whoever closes it looks in the other order (Dekker), and frees it when no call is left.
 * To call: 1. CALLED. 2. The hint. 3. If a server sleeps, and none watches, ring one. 4. If nobody serves, FAILED.
 * To close: 1. CLOSING. 2. Until no call is left, and nobody serves: CLOSERS, which says that who lets an A-stack go, or serves no
 * more, rings all; arm the bell; look; sleep.
 * To serve: a server looks at the A-stack that it had last, and at the hints; before it sleeps it clears `watcher`, arms its bell,
 * sets its bit in `asleep`, and looks once more. One that takes a call while others sleep, and more are CALLED, rings another.
 *
 * What a death leaves, and who mends it (service-repair.ts):
 *     a caller    its A-stacks: FREE; RUNNING ones are ORPHANED. It may not have rung: all look
 *     a server    RUNNING ones are FAILED, ORPHANED ones FREE, and CALLED ones FAILED if it was the last. A hint that it cleared
 *                 is set again
 *
 * Invariant: an A-stack is one's alone but in CALLED and RUNNING, where one compare_and_swap decides. So a call is executed by one
 * server at most, has one outcome, and an answer that comes late is in an A-stack that nobody has claimed since. A CALLED one
 * that no server takes is one for which a server is about to look, or to be rung; or nobody serves, and whoever knows that last
 * makes it FAILED. A block belongs to the A-stack that names it, and goes with it: a death between its allocation and its
 * naming leaves that one block unfreed.
 *
 * Source: Bershad, Anderson, Lazowska & Levy, ACM TOCS 8(1), 1990 (A-stacks, linkage, domain caching).
 */
import { fetch_and_store, read, write } from "../atomics";
import {
  advance,
  CALLED,
  caller,
  callerOf,
  FAILED,
  FREE,
  index,
  phaseIn,
  phaseOf,
  ROOM,
  releaseBlocks,
  slotIn,
  take,
  wordOf,
} from "./a-stack";
import { ring } from "./bell";
import { canHold, hold } from "./holdings";
import { createObject, Kind } from "./objects";
import { anyBit, bytesOfSlots, clearBit, hasBit } from "./slot-bits";
import { CACHE_LINE, CLOSERS, me, workers } from "./space";

const shared: u32 = 4;
const bytes: u32 = 8;
const stride: u32 = 12;
const words: u32 = 16;
export const state: u32 = 20;
export const described: u32 = 24;
/** Whether a slot's line says that it wants an A-stack. */
export const wanted: u32 = 28;
/** A server that watches while another sleeps, so that nobody need be rung. */
export const watcher: u32 = CACHE_LINE;
const bitmaps: u32 = 2 * CACHE_LINE;

// States.
export const OPEN: u32 = 0;
export const CLOSING: u32 = 1;

// A slot's line.
/** The identity of the service, once the slot's worker has listed it. */
export const listing: u32 = 0;
export const rests: u32 = 4;
export const watches: u32 = 8;
/** The A-stack that the server had last, and how often in a row. */
export const last: u32 = 12;
export const inRow: u32 = 16;
/** Where the next search begins. */
export const position: u32 = 20;
export const wants: u32 = 24;
/** The word by which the caller of the A-stack that the server had last calls next. */
export const expected: u32 = 28;
/** Of the slot's own A-stack: service-own.ts. */
export const ownWord: u32 = 32;
export const ownBlocks: u32 = 36;
export const delay: u32 = 40;

/** Answers in the place of an A-stack. */
export const NONE_FREE: u32 = 0;
export const IS_CLOSING: u32 = 1;
export const HOLDS_TOO_MUCH: u32 = 2;

function lines(size: u32): u32 {
  return (size + CACHE_LINE - 1) & ~(CACHE_LINE - 1);
}

export function servingBits(V: usize): usize {
  return V + bitmaps;
}

export function asleepBits(V: usize): usize {
  return V + bitmaps + lines(bytesOfSlots());
}

export function calledBits(V: usize): usize {
  return V + bitmaps + 2 * lines(bytesOfSlots());
}

export function freeBits(V: usize): usize {
  return calledBits(V) + lines(8 * load<u32>(V + words));
}

export function slotLine(V: usize, slot: u32): usize {
  return freeBits(V) + lines(8 * load<u32>(V + words)) + slot * CACHE_LINE;
}

export function stackAt(V: usize, i: u32): usize {
  return slotLine(V, workers() + 1) + i * load<u32>(V + stride);
}

/** So many shared A-stacks, each with at least so many bytes of room; 0: the space is full. */
export function create(all: u32, room: u32): usize {
  const each = lines(ROOM + room);
  const hints = (all + workers() + 63) / 64;
  const ofSlots = 2 * lines(bytesOfSlots()) + (workers() + 1) * CACHE_LINE;
  const V = createObject(Kind.Service, bitmaps + ofSlots + 2 * lines(8 * hints) + (all + workers()) * each);
  if (V == 0) return 0;
  store<u32>(V + shared, all);
  store<u32>(V + bytes, each - ROOM);
  store<u32>(V + stride, each);
  store<u32>(V + words, hints);
  for (let i: u32 = 0, end = stacksOf(V); i < end; i++) {
    const A = stackAt(V, i);
    store<u32>(A + index, i);
    if (i < all) mark(freeBits(V), i);
    else store<u32>(A + caller, i - all + 1);
  }
  return V;
}

export function sharedOf(V: usize): u32 {
  return load<u32>(V + shared);
}

/** All A-stacks, also those of slots. */
export function stacksOf(V: usize): u32 {
  return sharedOf(V) + workers();
}

/** The A-stack of a slot's own. */
export function stackOf(V: usize, slot: u32): usize {
  return stackAt(V, sharedOf(V) + slot - 1);
}

/** Whether an A-stack is a slot's own, and not a shared one. */
export function isOwn(V: usize, A: usize): bool {
  return A >= stackOf(V, 1);
}

/** The bytes of an A-stack's room. */
export function bytesOf(V: usize): u32 {
  return load<u32>(V + bytes);
}

/** OPEN or CLOSING. */
export function stateOf(V: usize): u32 {
  return read(V + state);
}

/** What the service says about itself: a block, 0 for none. */
export function descriptionOf(V: usize): usize {
  return read(V + described);
}

/** Once, by its maker, before anybody else knows the service. */
export function describe(V: usize, block: usize): void {
  write(V + described, <u32>block);
}

/** Lists the service, once for each worker. False: the worker holds too much. */
export function list(V: usize): bool {
  const L = slotLine(V, me);
  if (read(L + listing) == read(V)) return true;
  if (!canHold()) return false;
  hold(V);
  write(L + listing, read(V));
  return true;
}

/** Sets the hint of an A-stack. */
export function mark(bits: usize, i: u32): void {
  const place = bits + (i >> 6) * 8;
  const bit: u64 = (<u64>1) << (i & 63);
  if (!(atomic.load<u64>(place) & bit)) atomic.or<u64>(place, bit);
}

export function markStack(bits: usize, A: usize): void {
  mark(bits, load<u32>(A + index));
}

/**
 * Takes any A-stack that a hint leads to and that is in the phase; 0: there is none. The searches of a worker begin behind the
 * last one that it found, so that none is passed over for ever.
 *
 * @param spared an A-stack whose hint is left alone, as the caller looks at it without; or 0
 */
export function find(V: usize, bits: usize, phase: u32, spared: usize): usize {
  const L = slotLine(V, me);
  const all = load<u32>(V + words);
  const first = load<u32>(L + position);
  const high: u64 = u64.MAX_VALUE << (first & 63);
  let w = first >> 6;
  // The first word is looked at twice: from the position on, and then up to there.
  for (let i: u32 = 0; i <= all; i++) {
    let set = atomic.load<u64>(bits + w * 8);
    if (i == 0) set &= high;
    else if (i == all) set &= ~high;
    for (; set != 0; set &= set - 1) {
      const at = w * 64 + <u32>ctz(set);
      const A = stackAt(V, at);
      if (A == spared || !takeHinted(A, bits + w * 8, phase, (<u64>1) << (at & 63))) continue;
      store<u32>(L + position, at + 1 == stacksOf(V) ? 0 : at + 1);
      return A;
    }
    if (++w == all) w = 0;
  }
  return 0;
}

function takeHinted(A: usize, place: usize, phase: u32, bit: u64): bool {
  if (phaseOf(A) != phase) {
    atomic.and<u64>(place, ~bit);
    // It may have become so before the hint was cleared.
    if (phaseOf(A) != phase) return false;
  }
  return take(A, phase);
}

/** Whether calls are answered. */
export function isOpen(V: usize): bool {
  return read(V + state) == OPEN && isServed(V);
}

/** Whether anybody serves. */
export function isServed(V: usize): bool {
  return anyBit(servingBits(V));
}

export function serves(V: usize, slot: u32): bool {
  return hasBit(servingBits(V), slot);
}

/** Rings a server that sleeps, unless one watches. */
export function ringServer(V: usize): void {
  const bits = asleepBits(V);
  for (let at = bits, end = bits + bytesOfSlots(); at < end; at += 4) {
    for (let set = read(at); set != 0; set &= set - 1) {
      if (read(V + watcher) != 0) return;
      const slot = <u32>(at - bits) * 8 + ctz(set);
      if (clearBit(bits, slot) && ring(slot)) return;
    }
  }
}

/** An A-stack is CALLED, and hinted at: whoever sleeps is rung. */
export function tell(V: usize, A: usize, word: u32): void {
  if (anyBit(asleepBits(V))) ringServer(V);
  // Whoever was the last to serve may have looked before.
  if (!isServed(V)) fail(A, word);
}

/** The bells of all who sleep. */
export function ringAll(): void {
  for (let slot: u32 = 1, end = workers(); slot <= end; slot++) ring(slot);
}

/** The caller's bell is to ring when an A-stack becomes free. To be followed by arming it, and by another `claim`. */
export function want(V: usize): void {
  write(slotLine(V, me) + wants, 1);
  write(V + wanted, 1);
}

function ringWanting(V: usize): void {
  write(V + wanted, 0);
  for (let slot: u32 = 1, end = workers(); slot <= end; slot++) {
    const L = slotLine(V, slot);
    if (read(L + wants) != 0 && fetch_and_store(L + wants, 0) != 0) ring(slot);
  }
}

/** Frees an A-stack that is one's alone, whose word nobody else changes: its blocks, then itself. */
export function free(V: usize, A: usize): void {
  releaseBlocks(A);
  write(A, wordOf(read(A), FREE, 0));
  if (!isOwn(V, A)) {
    markStack(freeBits(V), A);
    if (read(V + wanted) != 0) ringWanting(V);
  }
  ringClosers();
}

/** The bells are to ring when a service may have become idle. To be followed by arming one's own, and by a look. */
export function wantIdle(V: usize): void {
  // Where the worker dies, others look who want the same.
  list(V);
  write(CLOSERS, 1);
}

/** Whoever else wants it says so again. Who died before this has others rung in vain, until somebody else closes a service. */
export function stopWantingIdle(): void {
  write(CLOSERS, 0);
  ringAll();
}

/** A service may have become idle, and may be freed already: nothing of it is looked at. */
export function ringClosers(): void {
  if (read(CLOSERS) != 0) ringAll();
}

/** A CALLED one that nobody is there to serve, or a RUNNING one whose server is gone. */
export function fail(A: usize, word: u32): void {
  const its = phaseIn(word) == CALLED ? slotIn(word) : callerOf(A);
  if (advance(A, word, FAILED, its)) ring(its);
}

/** All CALLED ones: nobody serves. */
export function failCalled(V: usize): void {
  for (let i: u32 = 0, all = stacksOf(V); i < all; i++) {
    const A = stackAt(V, i);
    const word = read(A);
    if (phaseIn(word) == CALLED) fail(A, word);
  }
}
