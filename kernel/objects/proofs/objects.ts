/**
 * What processors do with one object, each at once with the others: use it, destroy it, look after what was destroyed, make
 * others in its place. scene.ts has what they share.
 */
import { fetch_and_increment, read, write } from "../../atomics";
import { pause, processor, processors } from "../../machine";
import { CACHE_LINE } from "../../memory/placement";
import { ownerOf } from "../blocks";
import { begin, come, create, end, leave, resolve } from "../clustered-object";
import { clusterOf, clustersOf } from "../degree";
import { abandonSwap, advance, deferred, destroy, Outcome, swap } from "../destruction";
import { entryOf } from "../global-miss-handler";
import { COUNT, Kind } from "../handlers";
import { Form, recordOf } from "../manager";
import { BUSY, GONE, rootOf, What } from "../miss-handling";
import { clustersIn, partsOf, representativeOf } from "../root";
import {
  anyDestroyed,
  bytesInUse,
  countOf,
  deaths,
  degree,
  destroyers,
  destructions,
  done,
  expect,
  expectEqual,
  manager,
  mine,
  object,
  other,
  PLACES,
  prepare,
  uses,
} from "./scene";

export function clustered_prove_init(form: Form, degreeOfAll: u32, thatDestroy: u32): void {
  prepare(processors(), form, degreeOfAll, thatDestroy, 4);
}

export function clustered_prove_init_two(form: Form, degreeOfAll: u32, thatDestroy: u32): void {
  prepare(processors(), form, degreeOfAll, thatDestroy, 4);
  write(other, create(recordOf(read(manager), 1), Kind.Counter, degreeOfAll));
}

/** All have used it. */
export function clustered_prove_init_warm(form: Form, degreeOfAll: u32, thatDestroy: u32): void {
  clustered_prove_init(form, degreeOfAll, thatDestroy);
  for (let p: u32 = 0; p < processors(); p++) {
    if (add(recordOf(read(manager), p), read(object))) fetch_and_increment(uses + p * 4);
  }
}

/** The second one has made an object, too, and has gone. */
export function clustered_prove_init_absent(form: Form): void {
  prepare(processors(), form, 1, 0, 4);
  const R = recordOf(read(manager), 1);
  write(other, create(R, Kind.Counter, 1));
  leave(R);
}

/** Makes as many objects as it can, which are all different. */
function fill(): void {
  const R = mine();
  for (let made = create(R, Kind.Counter, 1); made != GONE; made = create(R, Kind.Counter, 1)) {
    expect(add(R, made));
    fetch_and_increment(uses + processor() * 4);
  }
}

/** Uses what one that is not there has made, and makes objects, also in its place. */
export function clustered_prove_fill(): void {
  expect(add(mine(), read(other)));
  fill();
}

/** Comes, and makes objects in its partition, too. */
export function clustered_prove_come_and_fill(): void {
  come(mine());
  fill();
}

/** All places have an object, or had none when its maker died. */
export function clustered_prove_filled(): void {
  const made = read(uses) + read(uses + 4);
  const live = countOf(What.Live);
  if (deaths() == 0) expect(made + 2 == live && live == PLACES * processors());
  else {
    expect(made + 2 <= live);
    advance(recordOf(read(manager), 1));
  }
  expectEqual(countOf(What.Making), 0);
  expectEqual(countOf(What.Free) + countOf(What.Live), PLACES * processors());
}

/** Adds 1 through the representative that is found. */
function add(R: usize, reference: u32): bool {
  while (true) {
    const begun = begin(R);
    const found = resolve(R, reference);
    if (found != GONE && found != BUSY) {
      expectEqual(ownerOf(found), reference);
      atomic.add<i64>(found + COUNT, 1);
      expectEqual(ownerOf(found), reference);
    }
    end(R, begun);
    if (found != BUSY) return found != GONE;
    pause();
  }
}

function use(turns: u32): void {
  const R = mine();
  const reference = read(object);
  for (let turn: u32 = 0; turn < turns; turn++) {
    if (add(R, reference)) fetch_and_increment(uses + processor() * 4);
  }
}

/** Uses it once, and goes. */
export function clustered_prove_use(): void {
  use(1);
  leave(mine());
}

/** Goes at once. */
export function clustered_prove_go(): void {
  leave(mine());
}

/** Uses it twice. Once it is gone, it stays gone. */
export function clustered_prove_use_twice(): void {
  const R = mine();
  const reference = read(object);
  const first = add(R, reference);
  const second = add(R, reference);
  expect(first || !second);
  leave(R);
}

/** Uses it, and stays for as long as there is something to look after. */
export function clustered_prove_use_and_stay(): void {
  use(1);
  stay(mine());
}

function stay(R: usize): void {
  while (read(destroyers) != 0 || anyDestroyed()) {
    advance(R);
    pause();
  }
  leave(R);
}

/** Destroys it, if nobody has, and waits until it has come back, though nobody has to. */
export function clustered_prove_destroy(): void {
  const R = mine();
  if (destroy(R, read(object)) == Outcome.Done) fetch_and_increment(destructions);
  finish(R);
}

/** Destroys it, and goes at once: others look after it. */
export function clustered_prove_destroy_and_go(): void {
  const R = mine();
  destroy(R, read(object));
  done(processor());
  leave(R);
}

function finish(R: usize): void {
  while (load<u32>(R + deferred) != 0) {
    advance(R);
    pause();
  }
  done(processor());
  leave(R);
}

/** Destroys what it has used, in an operation. */
export function clustered_prove_use_and_destroy(): void {
  const R = mine();
  const reference = read(object);
  const begun = begin(R);
  const found = resolve(R, reference);
  const outcome = destroy(R, reference);
  if (outcome == Outcome.Done) fetch_and_increment(destructions);
  if (found != GONE) {
    atomic.add<i64>(found + COUNT, 1);
    expectEqual(ownerOf(found), reference);
  }
  end(R, begun);
  finish(R);
}

/** Makes another in its place, which the former reference does not lead to. */
export function clustered_prove_destroy_and_create(): void {
  const R = mine();
  const former = read(object);
  destroy(R, former);
  while (load<u32>(R + deferred) != 0) {
    advance(R);
    pause();
  }
  for (let i: u32 = 0; i < 2; i++) {
    const reference = create(R, Kind.Counter, read(degree));
    expect(reference != GONE && reference != former);
    expect(add(R, reference));
    expect(!add(R, former));
    expectEqual(destroy(R, reference), Outcome.Done);
    expectEqual(destroy(R, reference), Outcome.Gone);
  }
  finish(R);
}

/** Of two objects, which both processors use, each destroys one: a token of each goes round. */
export function clustered_prove_use_both_destroy_one(): void {
  useBoth(read(object));
}

export function clustered_prove_use_both_destroy_other(): void {
  useBoth(read(other));
}

function useBoth(last: u32): void {
  const R = mine();
  add(R, read(object));
  add(R, read(other));
  expectEqual(destroy(R, last), Outcome.Done);
  finish(R);
}

/** The object gets representatives of another degree, if nobody destroys it before. */
export function clustered_prove_swap(): void {
  const R = mine();
  for (let outcome = Outcome.Later; outcome == Outcome.Later; pause()) {
    outcome = swap(R, read(object), read(degree) == 1 ? processors() : 1);
    advance(R);
  }
  finish(R);
}

/** It would, and the processor thinks better of it. */
export function clustered_prove_swap_and_abandon(): void {
  const R = mine();
  swap(R, read(object), processors());
  advance(R);
  abandonSwap(R, read(object));
  if (add(R, read(object))) fetch_and_increment(uses + processor() * 4);
  finish(R);
}

/** Until it is not being switched any more. */
export function clustered_prove_destroy_in_the_end(): void {
  const R = mine();
  for (let outcome = Outcome.Later; outcome == Outcome.Later; pause()) {
    outcome = destroy(R, read(object));
    if (outcome == Outcome.Done) fetch_and_increment(destructions);
    advance(R);
  }
  finish(R);
}

/** Goes in between, and comes back. */
export function clustered_prove_use_and_return(): void {
  const R = mine();
  const reference = read(object);
  const first = add(R, reference);
  leave(R);
  come(R);
  expect(!add(R, reference) || first);
  leave(R);
}

/** One operation inside of destructions, on the same processor: it ends when both have. */
export function clustered_prove_use_within(): void {
  const R = mine();
  const reference = read(object);
  const outer = begin(R);
  const found = resolve(R, reference);
  add(R, reference);
  if (found != GONE) expectEqual(ownerOf(found), reference);
  end(R, outer);
  leave(R);
}

/** Each cluster that has used it has one representative, near one of its processors, and no use is lost. */
export function clustered_prove_one_each(): void {
  const R = recordOf(read(manager), 0);
  const parts = partsOf(rootOf(entryOf(R, read(object))));
  for (let cluster: u32 = 0, all = clustersOf(read(degree), processors()); cluster < all; cluster++) {
    let used: u32 = 0;
    for (let p: u32 = 0; p < processors(); p++) {
      if (clusterOf(read(degree), p) == cluster) used += read(uses + p * 4);
    }
    const made = representativeOf(parts, cluster);
    // Who died may have added, and not told.
    const count: u32 = made == 0 ? 0 : <u32>load<i64>(made + COUNT);
    expect(count >= used && count <= used + deaths());
  }
}

/** No use is lost: what representatives hold is what was added, whichever there are. */
export function clustered_prove_sum(): void {
  const R = recordOf(read(manager), 0);
  const parts = partsOf(rootOf(entryOf(R, read(object))));
  expectEqual(countOf(What.Switching), 0);
  let count: u32 = 0;
  let used: u32 = 0;
  for (let cluster: u32 = 0, all = clustersIn(R, parts); cluster < all; cluster++) {
    const made = representativeOf(parts, cluster);
    if (made != 0) count += <u32>load<i64>(made + COUNT);
  }
  for (let p: u32 = 0; p < processors(); p++) used += read(uses + p * 4);
  expect(count >= used && count <= used + deaths());
}

/** One who died may have been switching it: whoever uses it then finds it as it was, or as it was to be. */
export function clustered_prove_sum_after_death(): void {
  const R = recordOf(read(manager), 1);
  if (deaths() != 0) {
    come(R);
    if (add(R, read(object))) fetch_and_increment(uses);
  }
  clustered_prove_sum();
}

/** What was taken is what the representatives of the object have, and no more than a block for each death. */
export function clustered_prove_nothing_lost(): void {
  expectEqual(countOf(What.Destroyed), 0);
  if (countOf(What.Live) != 0) return;
  expect(bytesInUse() <= deaths() * CACHE_LINE);
}

/** Exactly one has destroyed it. */
export function clustered_prove_destroyed_once(): void {
  expectEqual(read(destructions), 1);
  clustered_prove_nothing_lost();
  expectEqual(countOf(What.Live), 0);
}
