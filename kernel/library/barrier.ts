/**
 * Barrier: nobody goes on before all parties have arrived; again and again. Parties may leave, and die.
 *
 *     B    | identity | episode | parties | fan-in | eventcount: 8 bytes |                        a line
 *     node | word: 8 of them | owner: 8 | stage: 8 | above | children |                           a line each, leaves first
 *
 *     episode    even, 2 more each time all have arrived; + LEADERLESS until a party finds that none has been told
 *                that it was the last
 *     word       of a seat, in a leaf: the episode after the one for which its party has arrived, or LEFT; of a node: the
 *                same, once all below it have arrived or left
 *     owner      of a seat: 0, nobody has taken it yet; the slot of its party's worker; GONE
 *
 * One node serves up to 8 parties; more have a combining tree. There is nothing to count, only words of one party or node
 * each, so that whoever has arrived, or repairs, can do what remains to be done, twice as well as once.
 *
 * 1. Arrive: write the seat's word.
 * 2. Climb: if all words of the node are written, write the node's above, and so on; at the root, end the episode.
 * 3. Wait until the episode is another.
 *
 * Invariant: an episode does not end before all seats' words have been written for it, or LEFT, and the last to write sees
 * all others. A node's word is raised by a compare_and_swap of what was there before its children were looked at, so
 * that who was late raises nothing: words never go back. Who climbs reads the episode anew at each node, after the
 * word below was written: whoever arrives for a later episode sees that word.
 *
 * Source: the tree is that of Yew, Tzeng & Lawrie, IEEE TC 36(4), 1987, with the flags of Mellor-Crummey & Scott, ACM
 * TOCS 9(1), 1991, in place of counts.
 */
import { compare_and_swap, read, write } from "../atomics";
import { work } from "../machine";
import { announce, repair as repairEventcount, wakeAll } from "./eventcount";
import { canHold, drop, hold } from "./holdings";
import { FIRST_DELAY, FRESH, LAST_DELAY } from "./lock-word";
import { createObject, Kind } from "./objects";
import { WAIT } from "./sleep";
import { CACHE_LINE, enoughCores, me } from "./space";

// Exported for the proofs, which look at the words.
export const episode: u32 = 4;
export const partiesOf: u32 = 8;
export const fanInOf: u32 = 12;
export const E: u32 = 16;
export const nodes: u32 = CACHE_LINE;

// Of a node.
export const owner: u32 = 32;
export const stage: u32 = 64;
export const above: u32 = 96;
export const children: u32 = 100;

export const LEADERLESS: u32 = 1;
export const LEFT: u32 = 1;
/** Neither arrived nor left. */
const MISSING: u32 = 3;
export const GONE: u32 = 0xffffffff;
const SLOT: u32 = 0xffff;
/** Of an owner: it is the worker's own party, which it finds without a token. */
export const OWN: u32 = 1 << 16;

// Stages of a seat, the party's alone.
export const AWAY: u32 = 0;
/** It has arrived, and does not wait. */
export const ARRIVED: u32 = 1;
export const WAITING: u32 = 2;

/** Results of joining that are no seat. */
export const FULL: u32 = 0;
export const HOLDS_TOO_MANY: u32 = 4;

/** Results of an attempt, beside WAIT; and of an arrival. */
export const FOLLOWS: u32 = 0;
export const LEADS: u32 = 1;
/** It has arrived before. */
export const AGAIN: u32 = 2;
export const HAS_LEFT: u32 = 3;

/** `fanIn`: 2 to 8 children of a node. */
export function create(parties: u32, fanIn: u32): usize {
  let lines: u32 = 0;
  let width = parties;
  do lines += width = (width + fanIn - 1) / fanIn;
  while (width > 1);
  const B = createObject(Kind.Barrier, nodes + lines * CACHE_LINE);
  if (B == 0) return 0;
  write(B + partiesOf, parties);
  write(B + fanInOf, fanIn);
  let level = B + nodes;
  let below = parties;
  do {
    width = (below + fanIn - 1) / fanIn;
    const next = level + width * CACHE_LINE;
    for (let i: u32 = 0; i < width; i++) {
      const node = level + i * CACHE_LINE;
      write(node + children, min(fanIn, below - i * fanIn));
      if (width > 1) write(node + above, <u32>next + (i / fanIn) * CACHE_LINE + (i % fanIn) * 4);
    }
    level = next;
    below = width;
  } while (width > 1);
  return B;
}

export function partiesIn(B: usize): u32 {
  return load<u32>(B + partiesOf);
}

/** The address of a seat's word. */
function seatOf(B: usize, party: u32): usize {
  const fanIn = read(B + fanInOf);
  return B + nodes + (party / fanIn) * CACHE_LINE + (party % fanIn) * 4;
}

/** Takes a seat, a party's name for the calls below. `own`: for the worker itself, the same one each time. */
export function join(B: usize, own: bool): usize {
  const parties = read(B + partiesOf);
  const as = own ? me | OWN : me;
  for (let party: u32 = 0; own && party < parties; party++) {
    const seat = seatOf(B, party);
    if (read(seat + owner) == as) return seat;
  }
  if (!canHold()) return HOLDS_TOO_MANY;
  hold(B);
  for (let party: u32 = 0; party < parties; party++) {
    const seat = seatOf(B, party);
    if (read(seat + owner) == 0 && compare_and_swap(seat + owner, 0, as)) return seat;
  }
  drop(B);
  return FULL;
}

/** FOLLOWS if others are missing, also where it had arrived before and only `waits` now; LEADS if it is the last. */
export function arrive(B: usize, seat: usize, waits: bool): u32 {
  const word = read(seat);
  if (word == LEFT) return HAS_LEFT;
  if (load<u32>(seat + stage) == WAITING) return AGAIN;
  const arrived = load<u32>(seat + stage) == ARRIVED;
  const now = read(B + episode) & ~LEADERLESS;
  if (!waits && word != now) return AGAIN;
  store<u32>(seat + stage, waits ? WAITING : ARRIVED);
  if (waits && arrived) return FOLLOWS;
  write(seat, now + 2);
  if (!climb(B, seat, waits)) return FOLLOWS;
  store<u32>(seat + stage, AWAY);
  return LEADS;
}

/** Of a party that waits: FOLLOWS or LEADS when the episode is over, or where to sleep. */
export function attempt(B: usize, seat: usize, as: u32): u32 {
  let result = leavesAs(B, seat);
  if (result != WAIT) return result;
  for (let delay = FIRST_DELAY; as == FRESH && delay <= LAST_DELAY && enoughCores(); delay *= 2) {
    work(delay);
    result = leavesAs(B, seat);
    if (result != WAIT) return result;
  }
  announce(B + E, as);
  return leavesAs(B, seat);
}

function leavesAs(B: usize, seat: usize): u32 {
  const now = read(B + episode);
  if ((now & ~LEADERLESS) != read(seat)) return WAIT;
  store<u32>(seat + stage, AWAY);
  return now & LEADERLESS && compare_and_swap(B + episode, now, now & ~LEADERLESS) ? LEADS : FOLLOWS;
}

/** Of a party that waits: it does so no more, though it has arrived. */
export function giveUp(seat: usize): void {
  store<u32>(seat + stage, ARRIVED);
}

/** HAS_LEFT if it has; AGAIN if it waits, and stays. */
export function leave(B: usize, seat: usize): u32 {
  if (read(seat) == LEFT) return HAS_LEFT;
  if (load<u32>(seat + stage) == WAITING) return AGAIN;
  vacate(B, seat);
  drop(B);
  return FOLLOWS;
}

function vacate(B: usize, seat: usize): void {
  write(seat, LEFT);
  climb(B, seat, false);
  write(seat + owner, GONE);
}

/** From a seat whose word was written. True if this ended the episode, and the caller, a party that waits, `leads`. */
function climb(B: usize, seat: usize, leads: bool): bool {
  let node = nodeOf(seat);
  while (true) {
    const now = read(B + episode);
    const arrived = (now & ~LEADERLESS) + 2;
    const up: usize = load<u32>(node + above);
    // Before the children.
    const before = up == 0 ? now : read(up);
    const value = wordOf(node, arrived);
    if (value == MISSING) return false;
    if (up == 0) {
      if (!compare_and_swap(B + episode, now, leads ? arrived : arrived | LEADERLESS)) continue;
      wakeAll(B + E);
      return leads;
    }
    // Where it fails, another has raised the word to what the children said before one more of them left.
    if (before != value && !compare_and_swap(up, before, value)) continue;
    node = nodeOf(up);
  }
}

/** What a node's children say together. */
function wordOf(node: usize, arrived: u32): u32 {
  let value = LEFT;
  for (let i: u32 = 0, count = load<u32>(node + children); i < count; i++) {
    const word = read(node + i * 4);
    if (word == arrived) value = arrived;
    else if (word != LEFT) return MISSING;
  }
  return value;
}

function nodeOf(word: usize): usize {
  return word & ~(CACHE_LINE - 1);
}

/** When it was freed. */
export function wakeAllOf(B: usize): void {
  repairEventcount(B + E);
}

export function repair(B: usize, dead: u32): void {
  for (let party: u32 = 0, parties = read(B + partiesOf); party < parties; party++) {
    const seat = seatOf(B, party);
    if ((read(seat + owner) & SLOT) == dead) vacate(B, seat);
  }
  // It may have ended the episode, and woken nobody.
  wakeAllOf(B);
}
