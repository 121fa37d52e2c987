/**
 * Units that move between a word that all workers share and accounts of their own, one for each slot; none is lost or made
 * if a worker dies, at whatever instruction. One compare_and_swap moves them, and says whose move it is.
 *
 *     W         | units: 32 | slot: 16 | sequence: 16 |    64 bits: what nobody has, and whose move was the last
 *     accounts  | units | witnessed |                      after W, from slot 0 on
 *     my record, from `move` | W | sequence | units after | identity of the object that W is in |
 *
 *     witnessed    the sequence of a move that somebody has written over in W
 *
 * 1. Write the move down: its sequence and the units that the account will have, then W.
 * 2. Read W. If the last move is another's, make sure that it is witnessed; if W is another by then, begin step 2 again.
 * 3. compare_and_swap W.
 * 4. Write the account's units, then cross the move out.
 *
 * Invariant: a move that is written down was made if and only if W names it or it is witnessed. For nobody takes a move
 * out of W but its own worker, after step 4, or who has seen to it that it is witnessed; and a new move's sequence is
 * neither that in W nor the one witnessed. An account is written by its worker alone, by repair after its death.
 *
 * A worker's sequence comes around after 2^16 moves. This is not guarded against: another worker is held up between two
 * instructions while this one makes exactly 2^16 - 1 moves, and dies in the next. Then a unit can be lost, or made.
 *
 * Source: recoverable compare_and_swap: Attiya, Ben-Baruch & Hendler, Nesting-Safe Recoverable Linearizability, PODC
 * 2018, where each process has a row of witnesses; one word does, as it is written only while W has not changed.
 */
import { compare_and_swap, read } from "../atomics";
import { objectAround } from "./allocator";
import { enterObject, leaveObject } from "./existence";
import { move, recordOf } from "./space";

const ACCOUNTS: u32 = 8;
const ACCOUNT_BYTES: u32 = 8;
const witnessed: u32 = 4;
/** The slot of no worker. */
const NOBODY: u32 = 0;

/** Bytes of a ledger with accounts for slots up to `last`; W is aligned to 8. */
export function ledgerBytes(last: u32): u32 {
  return ACCOUNTS + ACCOUNT_BYTES * (last + 1);
}

function accountOf(W: usize, slot: u32): usize {
  return W + ACCOUNTS + ACCOUNT_BYTES * slot;
}

function readLedger(W: usize): u64 {
  return atomic.load<u64>(W);
}

/** Of a move. */
function nameOf(slot: u32, sequence: u32): u32 {
  return slot | (sequence << 16);
}

/** The name of the last move. */
function lastOf(now: u64): u32 {
  return <u32>(now >> 32);
}

/** What nobody has. */
export function unitsIn(W: usize): u32 {
  return <u32>readLedger(W);
}

/** What the worker of a slot has; to be asked by itself, or after its death. */
export function unitsOf(W: usize, slot: u32): u32 {
  return load<u32>(accountOf(W, slot));
}

/** Moves units from W to the account of a slot, below 0 back again, which has so many; false: W has too few. */
export function transfer(W: usize, identity: u32, slot: u32, units: i32): bool {
  const R = recordOf(slot);
  const account = accountOf(W, slot);
  let now = readLedger(W);
  let sequence = load<u32>(R + move + 4);
  do sequence = (sequence + 1) & 0xffff;
  while (lastOf(now) == nameOf(slot, sequence) || read(account + witnessed) == sequence);
  const after = load<u32>(account) + units;
  store<u32>(R + move + 4, sequence);
  store<u32>(R + move + 8, after);
  store<u32>(R + move + 12, identity);
  store<u32>(R + move, <u32>W);
  let made = false;
  while (!made && <i64>units <= <i64>(<u32>now)) {
    const then = ((now - units) & 0xffffffff) | ((<u64>nameOf(slot, sequence)) << 32);
    made = isWitnessed(W, now, slot) && atomic.cmpxchg<u64>(W, now, then) == now;
    if (!made) now = readLedger(W);
  }
  if (made) store<u32>(account, after);
  store<u32>(R + move, 0);
  return made;
}

/** Takes units from the account of a slot, which has so many, for good. */
export function spend(W: usize, slot: u32, units: u32): void {
  store<u32>(accountOf(W, slot), unitsOf(W, slot) - units);
}

/** Adds units that nobody had. With those that there are, they must fit into a word. */
export function issue(W: usize, units: u32): void {
  atomic.add<u64>(W, units);
}

/** Sees to it that the last move is witnessed, unless it is of `slot`; false: it is not the last any more. */
function isWitnessed(W: usize, now: u64, slot: u32): bool {
  const mover = lastOf(now) & 0xffff;
  if (mover == slot || mover == NOBODY) return true;
  const place = accountOf(W, mover) + witnessed;
  const before = read(place);
  const sequence = lastOf(now) >> 16;
  return before == sequence || (readLedger(W) == now && compare_and_swap(place, before, sequence));
}

/** Of a dead worker's record R and slot: finishes the move that it had made, and forgets one that it had not. */
export function settle(R: usize, slot: u32): void {
  const W = load<u32>(R + move);
  if (W == 0) return;
  if (enterObject(objectAround(W), load<u32>(R + move + 12))) {
    settleIn(W, R, slot);
    leaveObject();
  }
  store<u32>(R + move, 0);
}

function settleIn(W: usize, R: usize, slot: u32): void {
  const sequence = load<u32>(R + move + 4);
  const account = accountOf(W, slot);
  const isMade = lastOf(readLedger(W)) == nameOf(slot, sequence) || read(account + witnessed) == sequence;
  if (isMade) store<u32>(account, load<u32>(R + move + 8));
}
