/**
 * The barrier, proven where one operation follows the other: what each answers, and the words that it leaves, as
 * kernel/library/barrier.ts draws them. One processor acts for the workers of slots 1 and 2, and for the guardian.
 *
 *     SCENE | small: 3 parties, fan-in 2 | tree: 5, fan-in 2 | wide: 9, fan-in 8 | exact: 2, fan-in 2 | yes | no |
 *
 * What the compiler could know is kept in memory, so that it is the library's code that is executed, not a shorter one.
 */
import { read, write } from "../../atomics";
import { blockBytes } from "../allocator";
import * as barrier from "../barrier";
import { AGAIN, FOLLOWS, HAS_LEFT, LEADS } from "../barrier";
import { heldCount } from "../holdings";
import { ASYNCHRONOUS, FRESH, NOW, SLEPT } from "../lock-word";
import { Kind, kindOf } from "../objects";
import { sleepAddress, sleepValue, WAIT } from "../sleep";
import { CACHE_LINE, enterAs, my, workers } from "../space";
import { begin, expectEqual, holdTooMuch, letAllGo, prepareWorkers, SCENE } from "./worker";

const small: usize = SCENE;
const tree: usize = SCENE + 4;
const wide: usize = SCENE + 8;
const exact: usize = SCENE + 12;
const yes: usize = SCENE + 16;
const no: usize = SCENE + 20;

const GUARDIAN: u32 = 3;

export function barrier_prove_alone_init(): void {
  prepareWorkers();
  write(small, <u32>barrier.create(3, 2));
  write(tree, <u32>barrier.create(5, 2));
  write(wide, <u32>barrier.create(9, 8));
  write(exact, <u32>barrier.create(2, 2));
  write(yes, 1);
}

/** A seat's words. */
function expectSeat(seat: usize, word: u32, owner: u32, stage: u32): void {
  expectEqual(read(seat), word);
  expectEqual(read(seat + barrier.owner), owner);
  expectEqual(read(seat + barrier.stage), stage);
}

function lineOf(B: usize, node: u32): usize {
  return B + barrier.nodes + node * CACHE_LINE;
}

function expectNode(B: usize, node: u32, children: u32, above: usize): void {
  expectEqual(read(lineOf(B, node) + barrier.children), children);
  expectEqual(read(lineOf(B, node) + barrier.above), <u32>above);
}

/** The trees that were made, with the bytes of their nodes, and no word behind them. */
export function barrier_prove_tree(): void {
  begin();
  let B: usize = read(tree);
  expectEqual(kindOf(B), Kind.Barrier);
  expectEqual(barrier.partiesIn(B), 5);
  expectEqual(read(B + barrier.partiesOf), 5);
  expectEqual(read(B + barrier.fanInOf), 2);
  expectEqual(blockBytes(B), 7 * CACHE_LINE);
  expectNode(B, 0, 2, lineOf(B, 3));
  expectNode(B, 1, 2, lineOf(B, 3) + 4);
  expectNode(B, 2, 1, lineOf(B, 4));
  expectNode(B, 3, 2, lineOf(B, 5));
  expectNode(B, 4, 1, lineOf(B, 5) + 4);
  expectNode(B, 5, 2, 0);
  expectNode(B, 6, 0, 0);
  B = read(wide);
  expectEqual(blockBytes(B), 4 * CACHE_LINE);
  expectNode(B, 0, 8, lineOf(B, 2));
  expectNode(B, 1, 1, lineOf(B, 2) + 4);
  expectNode(B, 2, 2, 0);
  B = read(exact);
  expectEqual(blockBytes(B), 2 * CACHE_LINE);
  expectNode(B, 0, 2, 0);
  // There is no room for it.
  const all = workers();
  expectEqual(<u32>barrier.create(0xffff, 8), 0);
  expectEqual(workers(), all);
}

/** Seats, each taken once; a worker's own is found again. Words behind the last seat are nobody's. */
export function barrier_prove_seats(): void {
  begin();
  const B: usize = read(exact);
  const beyond: usize = lineOf(B, 1) + barrier.owner;
  write(beyond, 1 | barrier.OWN);
  holdTooMuch();
  expectEqual(<u32>barrier.join(B, read(yes) != 0), barrier.HOLDS_TOO_MANY);
  letAllGo();
  const other = barrier.join(B, read(no) != 0);
  expectEqual(<u32>other, <u32>lineOf(B, 0));
  expectSeat(other, 0, 1, barrier.AWAY);
  const own = barrier.join(B, read(yes) != 0);
  expectEqual(<u32>own, <u32>lineOf(B, 0) + 4);
  expectSeat(own, 0, 1 | barrier.OWN, barrier.AWAY);
  expectEqual(heldCount(my), 2);
  expectEqual(<u32>barrier.join(B, read(yes) != 0), <u32>own);
  expectEqual(heldCount(my), 2);
  write(beyond, 0);
  expectEqual(<u32>barrier.join(B, read(no) != 0), barrier.FULL);
  expectEqual(heldCount(my), 2);
  expectEqual(read(beyond), 0);
  // One who has the first seat finds it, and those of the second leaf.
  const T: usize = read(small);
  for (let again = 0; again < 2; again++) expectEqual(<u32>barrier.join(T, read(yes) != 0), <u32>lineOf(T, 0));
  enterAs(2);
  expectEqual(<u32>barrier.join(T, read(yes) != 0), <u32>lineOf(T, 0) + 4);
  expectEqual(<u32>barrier.join(T, read(no) != 0), <u32>lineOf(T, 1));
  expectSeat(lineOf(T, 1), 0, 2, barrier.AWAY);
  expectEqual(heldCount(my), 2);
  expectEqual(<u32>barrier.join(B, read(yes) != 0), barrier.FULL);
  expectEqual(heldCount(my), 2);
  enterAs(1);
  // A death gives up the dead one's seats, and no other words.
  write(beyond, 1);
  enterAs(GUARDIAN);
  const sequence = read(B + barrier.E);
  const asynchronous = read(B + barrier.E + 4);
  const next = read(B + barrier.E + 8);
  barrier.repair(B, 1);
  expectSeat(other, barrier.LEFT, barrier.GONE, barrier.AWAY);
  expectSeat(own, barrier.LEFT, barrier.GONE, barrier.AWAY);
  expectEqual(read(beyond), 1);
  expectEqual(read(B + barrier.episode), 2 | barrier.LEADERLESS);
  // All who sleep look again, though none had announced itself.
  expectEqual(read(B + barrier.E), sequence + 4);
  expectEqual(read(B + barrier.E + 4), asynchronous + 1);
  expectEqual(read(B + barrier.E + 8), next);
}

/** Episodes of 3 parties: s and t below one node, u below another. */
export function barrier_prove_alone(): void {
  begin();
  const B: usize = read(small);
  const t0 = read(yes) != 0;
  const f0 = read(no) != 0;
  const s = barrier.join(B, t0);
  const t = barrier.join(B, f0);
  const u = barrier.join(B, f0);
  const root = lineOf(B, 2);
  const mine = 1 | barrier.OWN;
  // The first waits; the second arrives, and waits later.
  expectEqual(barrier.arrive(B, s, t0), FOLLOWS);
  expectSeat(s, 2, mine, barrier.WAITING);
  expectEqual(read(root), 0);
  expectEqual(barrier.attempt(B, s, NOW), WAIT);
  const sequence = read(B + barrier.E);
  expectEqual(barrier.attempt(B, s, FRESH), WAIT);
  expectEqual(sleepAddress, <u32>B + barrier.E);
  expectEqual(sleepValue, read(B + barrier.E));
  expectEqual(read(B + barrier.E), sequence | 1);
  expectEqual(barrier.attempt(B, s, ASYNCHRONOUS), WAIT);
  expectEqual(sleepAddress, <u32>B + barrier.E + 4);
  expectEqual(read(B + barrier.E), sequence | 3);
  expectEqual(barrier.arrive(B, s, t0), AGAIN);
  expectEqual(barrier.arrive(B, s, f0), AGAIN);
  expectEqual(barrier.leave(B, s), AGAIN);
  expectSeat(s, 2, mine, barrier.WAITING);
  expectEqual(barrier.arrive(B, t, f0), FOLLOWS);
  expectSeat(t, 2, 1, barrier.ARRIVED);
  expectEqual(read(root), 2);
  expectEqual(read(root + 4), 0);
  expectEqual(barrier.arrive(B, t, f0), AGAIN);
  expectSeat(t, 2, 1, barrier.ARRIVED);
  expectEqual(barrier.arrive(B, t, t0), FOLLOWS);
  expectSeat(t, 2, 1, barrier.WAITING);
  barrier.giveUp(t);
  expectSeat(t, 2, 1, barrier.ARRIVED);
  expectEqual(read(B + barrier.episode), 0);
  // The last one leads, and wakes.
  expectEqual(barrier.arrive(B, u, t0), LEADS);
  expectSeat(u, 2, 1, barrier.AWAY);
  expectEqual(read(B + barrier.episode), 2);
  expectEqual(read(root + 4), 2);
  expectEqual(read(B + barrier.E), sequence + 4);
  expectEqual(barrier.attempt(B, s, FRESH), FOLLOWS);
  expectSeat(s, 2, mine, barrier.AWAY);
  // Who waits later goes on at once, or arrives for the next one without having waited.
  expectEqual(barrier.arrive(B, t, t0), FOLLOWS);
  expectEqual(barrier.attempt(B, t, FRESH), FOLLOWS);
  expectSeat(t, 2, 1, barrier.AWAY);
  expectEqual(barrier.arrive(B, s, f0), FOLLOWS);
  expectEqual(barrier.arrive(B, u, f0), FOLLOWS);
  expectEqual(read(root), 2);
  expectEqual(read(root + 4), 4);
  expectEqual(read(B + barrier.episode), 2);
  // The last one does not wait: of those who do, the first to find the end leads.
  expectEqual(barrier.arrive(B, t, f0), FOLLOWS);
  expectEqual(read(B + barrier.episode), 4 | barrier.LEADERLESS);
  expectEqual(barrier.arrive(B, t, f0), FOLLOWS);
  expectSeat(t, 6, 1, barrier.ARRIVED);
  expectEqual(barrier.arrive(B, s, t0), FOLLOWS);
  expectEqual(barrier.attempt(B, s, FRESH), LEADS);
  expectSeat(s, 4, mine, barrier.AWAY);
  expectEqual(read(B + barrier.episode), 4);
  expectEqual(barrier.arrive(B, u, t0), FOLLOWS);
  expectEqual(barrier.attempt(B, u, SLEPT), FOLLOWS);
  // An end that nobody was told of, and the next one after it.
  expectEqual(barrier.arrive(B, u, f0), FOLLOWS);
  expectEqual(barrier.arrive(B, s, f0), FOLLOWS);
  expectEqual(read(B + barrier.episode), 6 | barrier.LEADERLESS);
  expectEqual(barrier.arrive(B, s, f0), FOLLOWS);
  expectEqual(barrier.arrive(B, u, f0), FOLLOWS);
  expectEqual(barrier.arrive(B, t, f0), FOLLOWS);
  expectEqual(read(B + barrier.episode), 8 | barrier.LEADERLESS);
  expectEqual(read(root), 8);
}

/** Those of 3 parties leave, one after the other: the last one also ends the episode. */
export function barrier_prove_leaving(): void {
  begin();
  const B: usize = read(small);
  const t0 = read(yes) != 0;
  const f0 = read(no) != 0;
  const s = barrier.join(B, f0);
  const t = barrier.join(B, f0);
  const u = barrier.join(B, f0);
  const root = lineOf(B, 2);
  // Both have arrived when they leave.
  expectEqual(barrier.arrive(B, s, f0), FOLLOWS);
  expectEqual(barrier.arrive(B, t, f0), FOLLOWS);
  expectEqual(read(root), 2);
  expectEqual(heldCount(my), 3);
  expectEqual(barrier.leave(B, s), FOLLOWS);
  expectSeat(s, barrier.LEFT, barrier.GONE, barrier.ARRIVED);
  expectEqual(heldCount(my), 2);
  expectEqual(read(root), 2);
  expectEqual(barrier.leave(B, s), HAS_LEFT);
  expectEqual(heldCount(my), 2);
  expectEqual(barrier.arrive(B, s, t0), HAS_LEFT);
  expectEqual(barrier.arrive(B, s, f0), HAS_LEFT);
  expectSeat(s, barrier.LEFT, barrier.GONE, barrier.ARRIVED);
  expectEqual(barrier.leave(B, t), FOLLOWS);
  expectEqual(read(root), barrier.LEFT);
  expectEqual(read(B + barrier.episode), 0);
  // A seat that was left stays so.
  expectEqual(<u32>barrier.join(B, t0), barrier.FULL);
  expectEqual(heldCount(my), 1);
  // Who is alone waits for nobody.
  expectEqual(barrier.arrive(B, u, t0), LEADS);
  expectEqual(barrier.arrive(B, u, t0), LEADS);
  expectEqual(read(B + barrier.episode), 4);
  expectSeat(u, 4, 1, barrier.AWAY);
  expectEqual(barrier.leave(B, u), FOLLOWS);
  expectEqual(read(B + barrier.episode), 6 | barrier.LEADERLESS);
  expectEqual(read(root + 4), barrier.LEFT);
  expectEqual(heldCount(my), 0);
  // One that leaves while the others wait ends the episode for them.
  const W: usize = read(exact);
  const stays = barrier.join(W, f0);
  const goes = barrier.join(W, f0);
  expectEqual(barrier.arrive(W, stays, t0), FOLLOWS);
  expectEqual(barrier.attempt(W, stays, SLEPT), WAIT);
  const sequence = read(W + barrier.E);
  expectEqual(barrier.leave(W, goes), FOLLOWS);
  expectEqual(read(W + barrier.episode), 2 | barrier.LEADERLESS);
  expectEqual(read(W + barrier.E) & ~1, (sequence & ~1) + 4);
  expectEqual(barrier.attempt(W, stays, SLEPT), LEADS);
  expectEqual(heldCount(my), 1);
  // Freed: all who sleep look again.
  const before = read(W + barrier.E);
  const asynchronous = read(W + barrier.E + 4);
  barrier.wakeAllOf(W);
  expectEqual(read(W + barrier.E), before + 4);
  expectEqual(read(W + barrier.E + 4), asynchronous + 1);
}
