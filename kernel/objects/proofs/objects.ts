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
import { advance, deferred, destroy, Outcome } from "../destruction";
import { entryOf } from "../global-miss-handler";
import { COUNT, Kind } from "../handlers";
import { Form, recordOf } from "../manager";
import { GONE, rootOf, What } from "../miss-handling";
import { partsOf, representativeOf } from "../root";
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
  for (let p: u32 = 0; p < processors(); p++) add(recordOf(read(manager), p), read(object));
}

/** Adds 1 through the representative that is found. */
function add(R: usize, reference: u32): bool {
  const begun = begin(R);
  const found = resolve(R, reference);
  if (found != GONE) {
    expectEqual(ownerOf(found), reference);
    atomic.add<i64>(found + COUNT, 1);
    expectEqual(ownerOf(found), reference);
  }
  end(R, begun);
  return found != GONE;
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
  if (destroy(R, read(object)) == Outcome.Destroyed) fetch_and_increment(destructions);
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
  if (outcome == Outcome.Destroyed) fetch_and_increment(destructions);
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
    expectEqual(destroy(R, reference), Outcome.Destroyed);
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
  expectEqual(destroy(R, last), Outcome.Destroyed);
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
