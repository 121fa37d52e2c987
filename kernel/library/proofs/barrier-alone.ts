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
import { begin, expect, holdTooMuch, letAllGo, prepareWorkers, SCENE } from "./worker";

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
  expect(read(seat), word);
  expect(read(seat + barrier.owner), owner);
  expect(read(seat + barrier.stage), stage);
}

function lineOf(B: usize, node: u32): usize {
  return B + barrier.nodes + node * CACHE_LINE;
}

function expectNode(B: usize, node: u32, children: u32, above: usize): void {
  expect(read(lineOf(B, node) + barrier.children), children);
  expect(read(lineOf(B, node) + barrier.above), <u32>above);
}

/** The trees that were made, with the bytes of their nodes, and no word behind them. */
export function barrier_prove_tree(): void {
  begin();
  let B: usize = read(tree);
  expect(kindOf(B), Kind.Barrier);
  expect(barrier.partiesIn(B), 5);
  expect(read(B + barrier.partiesOf), 5);
  expect(read(B + barrier.fanInOf), 2);
  expect(blockBytes(B), 7 * CACHE_LINE);
  expectNode(B, 0, 2, lineOf(B, 3));
  expectNode(B, 1, 2, lineOf(B, 3) + 4);
  expectNode(B, 2, 1, lineOf(B, 4));
  expectNode(B, 3, 2, lineOf(B, 5));
  expectNode(B, 4, 1, lineOf(B, 5) + 4);
  expectNode(B, 5, 2, 0);
  expectNode(B, 6, 0, 0);
  B = read(wide);
  expect(blockBytes(B), 4 * CACHE_LINE);
  expectNode(B, 0, 8, lineOf(B, 2));
  expectNode(B, 1, 1, lineOf(B, 2) + 4);
  expectNode(B, 2, 2, 0);
  B = read(exact);
  expect(blockBytes(B), 2 * CACHE_LINE);
  expectNode(B, 0, 2, 0);
  // There is no room for it.
  const all = workers();
  expect(<u32>barrier.create(0xffff, 8), 0);
  expect(workers(), all);
}

/** Seats, each taken once; a worker's own is found again. Words behind the last seat are nobody's. */
export function barrier_prove_seats(): void {
  begin();
  const B: usize = read(exact);
  const beyond: usize = lineOf(B, 1) + barrier.owner;
  write(beyond, 1 | barrier.OWN);
  holdTooMuch();
  expect(<u32>barrier.join(B, read(yes) != 0), barrier.HOLDS_TOO_MANY);
  letAllGo();
  const other = barrier.join(B, read(no) != 0);
  expect(<u32>other, <u32>lineOf(B, 0));
  expectSeat(other, 0, 1, barrier.AWAY);
  const own = barrier.join(B, read(yes) != 0);
  expect(<u32>own, <u32>lineOf(B, 0) + 4);
  expectSeat(own, 0, 1 | barrier.OWN, barrier.AWAY);
  expect(heldCount(my), 2);
  expect(<u32>barrier.join(B, read(yes) != 0), <u32>own);
  expect(heldCount(my), 2);
  write(beyond, 0);
  expect(<u32>barrier.join(B, read(no) != 0), barrier.FULL);
  expect(heldCount(my), 2);
  expect(read(beyond), 0);
  // One who has the first seat finds it, and those of the second leaf.
  const T: usize = read(small);
  for (let again = 0; again < 2; again++) expect(<u32>barrier.join(T, read(yes) != 0), <u32>lineOf(T, 0));
  enterAs(2);
  expect(<u32>barrier.join(T, read(yes) != 0), <u32>lineOf(T, 0) + 4);
  expect(<u32>barrier.join(T, read(no) != 0), <u32>lineOf(T, 1));
  expectSeat(lineOf(T, 1), 0, 2, barrier.AWAY);
  expect(heldCount(my), 2);
  expect(<u32>barrier.join(B, read(yes) != 0), barrier.FULL);
  expect(heldCount(my), 2);
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
  expect(read(beyond), 1);
  expect(read(B + barrier.episode), 2 | barrier.LEADERLESS);
  // All who sleep look again, though none had announced itself.
  expect(read(B + barrier.E), sequence + 4);
  expect(read(B + barrier.E + 4), asynchronous + 1);
  expect(read(B + barrier.E + 8), next);
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
  expect(barrier.arrive(B, s, t0), FOLLOWS);
  expectSeat(s, 2, mine, barrier.WAITING);
  expect(read(root), 0);
  expect(barrier.attempt(B, s, NOW), WAIT);
  const sequence = read(B + barrier.E);
  expect(barrier.attempt(B, s, FRESH), WAIT);
  expect(sleepAddress, <u32>B + barrier.E);
  expect(sleepValue, read(B + barrier.E));
  expect(read(B + barrier.E), sequence | 1);
  expect(barrier.attempt(B, s, ASYNCHRONOUS), WAIT);
  expect(sleepAddress, <u32>B + barrier.E + 4);
  expect(read(B + barrier.E), sequence | 3);
  expect(barrier.arrive(B, s, t0), AGAIN);
  expect(barrier.arrive(B, s, f0), AGAIN);
  expect(barrier.leave(B, s), AGAIN);
  expectSeat(s, 2, mine, barrier.WAITING);
  expect(barrier.arrive(B, t, f0), FOLLOWS);
  expectSeat(t, 2, 1, barrier.ARRIVED);
  expect(read(root), 2);
  expect(read(root + 4), 0);
  expect(barrier.arrive(B, t, f0), AGAIN);
  expectSeat(t, 2, 1, barrier.ARRIVED);
  expect(barrier.arrive(B, t, t0), FOLLOWS);
  expectSeat(t, 2, 1, barrier.WAITING);
  barrier.giveUp(t);
  expectSeat(t, 2, 1, barrier.ARRIVED);
  expect(read(B + barrier.episode), 0);
  // The last one leads, and wakes.
  expect(barrier.arrive(B, u, t0), LEADS);
  expectSeat(u, 2, 1, barrier.AWAY);
  expect(read(B + barrier.episode), 2);
  expect(read(root + 4), 2);
  expect(read(B + barrier.E), sequence + 4);
  expect(barrier.attempt(B, s, FRESH), FOLLOWS);
  expectSeat(s, 2, mine, barrier.AWAY);
  // Who waits later goes on at once, or arrives for the next one without having waited.
  expect(barrier.arrive(B, t, t0), FOLLOWS);
  expect(barrier.attempt(B, t, FRESH), FOLLOWS);
  expectSeat(t, 2, 1, barrier.AWAY);
  expect(barrier.arrive(B, s, f0), FOLLOWS);
  expect(barrier.arrive(B, u, f0), FOLLOWS);
  expect(read(root), 2);
  expect(read(root + 4), 4);
  expect(read(B + barrier.episode), 2);
  // The last one does not wait: of those who do, the first to find the end leads.
  expect(barrier.arrive(B, t, f0), FOLLOWS);
  expect(read(B + barrier.episode), 4 | barrier.LEADERLESS);
  expect(barrier.arrive(B, t, f0), FOLLOWS);
  expectSeat(t, 6, 1, barrier.ARRIVED);
  expect(barrier.arrive(B, s, t0), FOLLOWS);
  expect(barrier.attempt(B, s, FRESH), LEADS);
  expectSeat(s, 4, mine, barrier.AWAY);
  expect(read(B + barrier.episode), 4);
  expect(barrier.arrive(B, u, t0), FOLLOWS);
  expect(barrier.attempt(B, u, SLEPT), FOLLOWS);
  // An end that nobody was told of, and the next one after it.
  expect(barrier.arrive(B, u, f0), FOLLOWS);
  expect(barrier.arrive(B, s, f0), FOLLOWS);
  expect(read(B + barrier.episode), 6 | barrier.LEADERLESS);
  expect(barrier.arrive(B, s, f0), FOLLOWS);
  expect(barrier.arrive(B, u, f0), FOLLOWS);
  expect(barrier.arrive(B, t, f0), FOLLOWS);
  expect(read(B + barrier.episode), 8 | barrier.LEADERLESS);
  expect(read(root), 8);
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
  expect(barrier.arrive(B, s, f0), FOLLOWS);
  expect(barrier.arrive(B, t, f0), FOLLOWS);
  expect(read(root), 2);
  expect(heldCount(my), 3);
  expect(barrier.leave(B, s), FOLLOWS);
  expectSeat(s, barrier.LEFT, barrier.GONE, barrier.ARRIVED);
  expect(heldCount(my), 2);
  expect(read(root), 2);
  expect(barrier.leave(B, s), HAS_LEFT);
  expect(heldCount(my), 2);
  expect(barrier.arrive(B, s, t0), HAS_LEFT);
  expect(barrier.arrive(B, s, f0), HAS_LEFT);
  expectSeat(s, barrier.LEFT, barrier.GONE, barrier.ARRIVED);
  expect(barrier.leave(B, t), FOLLOWS);
  expect(read(root), barrier.LEFT);
  expect(read(B + barrier.episode), 0);
  // A seat that was left stays so.
  expect(<u32>barrier.join(B, t0), barrier.FULL);
  expect(heldCount(my), 1);
  // Who is alone waits for nobody.
  expect(barrier.arrive(B, u, t0), LEADS);
  expect(barrier.arrive(B, u, t0), LEADS);
  expect(read(B + barrier.episode), 4);
  expectSeat(u, 4, 1, barrier.AWAY);
  expect(barrier.leave(B, u), FOLLOWS);
  expect(read(B + barrier.episode), 6 | barrier.LEADERLESS);
  expect(read(root + 4), barrier.LEFT);
  expect(heldCount(my), 0);
  // One that leaves while the others wait ends the episode for them.
  const W: usize = read(exact);
  const stays = barrier.join(W, f0);
  const goes = barrier.join(W, f0);
  expect(barrier.arrive(W, stays, t0), FOLLOWS);
  expect(barrier.attempt(W, stays, SLEPT), WAIT);
  const sequence = read(W + barrier.E);
  expect(barrier.leave(W, goes), FOLLOWS);
  expect(read(W + barrier.episode), 2 | barrier.LEADERLESS);
  expect(read(W + barrier.E) & ~1, (sequence & ~1) + 4);
  expect(barrier.attempt(W, stays, SLEPT), LEADS);
  expect(heldCount(my), 1);
  // Freed: all who sleep look again.
  const before = read(W + barrier.E);
  const asynchronous = read(W + barrier.E + 4);
  barrier.wakeAllOf(W);
  expect(read(W + barrier.E), before + 4);
  expect(read(W + barrier.E + 4), asynchronous + 1);
}
