/**
 * Existence, proven: the life of an object. Those who free it, and those who use it, do so at once; whoever has freed
 * it makes a new one, which takes its block if that is free.
 *
 *     SCENE | object | identity | frees | freed | uses | places ... |
 *
 * - Freeing: one does, and no more.
 * - Inside: while a worker is inside, the object's words are the object's, whatever others do.
 * - Held: a worker that has the object on its list, and dies, has its own place in it repaired, or nothing. A new
 *   object in the same block stays as it was made.
 * - Waiting: who waits for the event wakes when it is freed.
 * - Left: what its last user makes where it was stays as it was made.
 */
import { fetch_and_increment, read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import { nextBlock, objectAround } from "../allocator";
import * as event from "../event";
import { enterObject, isDying, leaveObject } from "../existence";
import { freeObject } from "../free";
import { hold } from "../holdings";
import { FRESH, SLEPT } from "../lock-word";
import { createObject, DYING, GENERATIONS, Kind, kindOf } from "../objects";
import * as once from "../once";
import { sleep, WAIT } from "../sleep";
import { enterAs, PAGE } from "../space";
import { begin, expect, expectEqual, prepareWorkers, SCENE } from "./worker";

const object: usize = SCENE;
const identity: usize = SCENE + 4;
/** The first so many processors free it, the others use it. */
const frees: usize = SCENE + 8;
const freed: usize = SCENE + 12;

/** In a word of an object, where it has one: what its maker wrote. */
const STAMP: u32 = 0x0b7ec700;
/** Where no kind's repair, and no burial, writes to a counter's line. */
const MARK: u32 = 64;

export function existence_prove_init(thatFree: u32): void {
  prepareWorkers();
  memory.grow(processors());
  enterAs(1);
  make(Kind.Counter);
  write(frees, thatFree);
}

function make(kind: Kind): void {
  const made = createObject(kind, 16);
  write(made + MARK, STAMP | <u32>kind);
  write(object, <u32>made);
  write(identity, read(made));
}

/** Frees it, and makes another where it was; or uses it. */
export function existence_prove_run(): void {
  const made: usize = read(object);
  const as = read(identity);
  begin();
  if (processor() < read(frees)) {
    if (!freeObject(made, as)) return;
    fetch_and_increment(freed);
    const another = createObject(Kind.Histogram, 16);
    write(another + MARK, STAMP | <u32>Kind.Histogram);
  } else if (enterObject(made, as)) {
    if (read(made + MARK) != (STAMP | <u32>Kind.Counter)) fail(Failure.Lost);
    if ((read(made) & ~DYING) != as) fail(Failure.NotExclusive);
    leaveObject();
  }
}

/** It was freed once, and so was its block, whoever died: nobody is inside of it any more. */
export function existence_prove_end(deaths: u32): void {
  const count = read(freed);
  if (count > 1 || (count == 0 && deaths == 0)) fail(Failure.NotExclusive);
  let dying: u32 = 0;
  for (let block = nextBlock(0); block != 0; block = nextBlock(block)) {
    if (objectAround(block) == block && isDying(block)) dying++;
  }
  if (dying != 0) fail(Failure.Lost);
}

/** A Once that processor 0 has on its list, and runs; it may die. */
export function held_prove_init(): void {
  prepareWorkers();
  memory.grow(processors());
  enterAs(2);
  const O = once.create();
  write(object, <u32>O);
  write(identity, read(O));
  enterAs(1);
  hold(O);
  once.attempt(O, FRESH);
}

/**
 * Processor 0 does it and ends; processor 1 frees it, and makes another kind of object, of which it knows the words.
 */
export function held_prove_run(): void {
  const O: usize = read(object);
  begin();
  if (processor() == 0) return;
  if (!freeObject(O, read(identity))) fail(Failure.NotExclusive);
  const another = createObject(Kind.Event, 16);
  // Repair of an event, which has sleepers in its third word, changes that.
  write(another + 4, 1);
  fetch_and_increment(freed);
  if (read(another + 4) != 1) fail(Failure.Lost);
  write(object, <u32>another);
}

export function held_prove_end(): void {
  if (read(freed) != 1 || read(read(object) + 4) != 1 || read(read(object) + 8) != 0) fail(Failure.Lost);
  if ((read(identity) & GENERATIONS) == 0) fail(Failure.Lost);
}

/** Processor 0 frees an event for which the others wait. */
export function waiting_prove_init(): void {
  prepareWorkers();
  memory.grow(processors());
  enterAs(1);
  const V = event.create();
  write(object, <u32>V);
  write(identity, read(V));
}

export function waiting_prove_run(): void {
  const V: usize = read(object);
  const as = read(identity);
  begin();
  if (processor() == 0) {
    freeObject(V, as);
    return;
  }
  if (!enterObject(V, as)) return;
  const before = event.word(V);
  for (let how = FRESH; event.attempt(V, before, how) == WAIT; how = SLEPT) {
    sleep(-1);
    if (read(V) != as) break;
  }
  leaveObject();
}

export function waiting_prove_end(): void {
  for (let block = nextBlock(0); block != 0; block = nextBlock(block)) {
    if (objectAround(block) == block) fail(Failure.Lost);
  }
}

/** Processor 1 is inside of a counter of its heap, which processor 0 frees. */
export function left_prove_init(): void {
  prepareWorkers();
  memory.grow(processors());
  enterAs(2);
  make(Kind.Counter);
  if (!enterObject(read(object), read(identity))) fail(Failure.NotExclusive);
}

/** An event, of which repair changes the third and the fourth word. */
export function left_prove_run(): void {
  begin();
  if (processor() == 0) {
    freeObject(read(object), read(identity));
    return;
  }
  leaveObject();
  write(object, <u32>event.create());
}

export function left_prove_end(): void {
  const V: usize = read(object);
  expect(kindOf(V) == Kind.Event && read(V + 8) == 0 && read(V + 12) == 0);
}

/** The only pages where there is room for another object are those of this one. */
export function pages_left_prove_init(): void {
  prepareWorkers();
  memory.grow(1);
  enterAs(1);
  write(object, <u32>createObject(Kind.Counter, PAGE));
  write(identity, read(read(object)));
}

export function pages_left_prove_run(): void {
  begin();
  if (processor() == 0) {
    freeObject(read(object), read(identity));
    return;
  }
  const made = createObject(Kind.Histogram, PAGE);
  if (made != 0) expectEqual(<u32>made, read(object));
  write(freed, made != 0 ? 1 : 0);
}

/** The other's identity is its own, or nobody made it. */
export function pages_left_prove_end(): void {
  if (read(freed) != 0) expect(kindOf(read(object)) == Kind.Histogram);
}
