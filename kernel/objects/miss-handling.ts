/**
 * Miss-handling table: what there is to know of each object, for those that do not have it in their translation table. It
 * is partitioned over the processors: each has a partition in its local memory. An object's entry is in the partition of
 * who made it, or of one in whose place that one makes objects: global-miss-handler.ts.
 *
 *     entry   | state | root | next | degree | holders: a bit for each processor ... |       lines of its own
 *     state   | generation: 12 | who: 16 | what: 4 |                    who makes, destroys or switches: processor, incarnation
 *     next    of the entries that the same processor has destroyed, or switches
 *     degree  what it is to be switched to
 *
 *     what        | means                                  | then
 *     FREE        | none; the generation is the next one's | MAKING by compare_and_swap
 *     MAKING      | nobody has its reference yet           | LIVE by who makes it; FREE by anybody, if that died
 *     LIVE        | it can be found                        | SWITCHING, DESTROYED by compare_and_swap
 *     SWITCHING   | it changes: found later                | LIVE by who switches, or by anybody if that died; DESTROYED
 *     DESTROYED   | gone; its memory is to come back       | FREE by who destroyed, or who does so in its place
 *     RETIRED     | its generations are used up            |
 *
 * All that decides is one word, with the generation in it: nobody can take one object for another. A holder is a
 * processor that may have an entry in its translation table, or be under way with what it found. It says so first, and then
 * looks at the state again. Whoever destroys changes the state first, and then looks at the holders. So one of the two
 * sees the other; and who is a holder is waited for, until the operation that it was in is over.
 *
 *     a miss, in an operation                 destroy
 *     holders := holders | me                 state: LIVE -> DESTROYED
 *     state is LIVE                           holders: wait for those
 *
 * K42 counts the misses under way in the entry. Of a processor that dies in one, nobody could tell whether it is counted.
 * Here nothing has to be counted: entries are never given back, a bit too many only makes somebody wait for nothing, and the
 * rest of a miss is covered by the operation that it is part of.
 *
 * Invariant: a state's generation only grows. Who is in an operation and has found an object LIVE is among its holders.
 *
 * @source Gamsa et al., Tornado, OSDI 1999, section 3.2; K42: GTransEntry, whose transitions these are
 */
import { compare_and_swap, read, write } from "../atomics";
import { CACHE_LINE, local } from "../memory/placement";
import { bytesOfSet, incarnationOf, isPresent, managerOf, numberOf, placesOf, processorsOf, recordOf } from "./manager";
import { generationOf, LAST_GENERATION, MOST_PARTITIONS } from "./reference";

const stateIn: u32 = 0;
const rootIn: u32 = 4;
const nextIn: u32 = 8;
const degreeIn: u32 = 12;
const holders: u32 = 16;

const GENERATION: u32 = 20;
const WHO: u32 = 4;
const WHAT: u32 = (1 << WHO) - 1;
/** Of the incarnation so many bits, which tell apart those of one processor until others have looked after it. */
const INCARNATIONS: u32 = 0x3f;

export enum What {
  Free = 0,
  Live = 1,
  Switching = 2,
  Destroyed = 3,
  Retired = 4,
  Making = 5,
}

/** The place after the one that this processor has taken last. */
const cursor: u32 = 24;

/** What an object cannot have as its reference, and a cluster as its representative: there is none. */
export const GONE: u32 = 0;
/** The object is being switched: to be tried again in another operation. */
export const BUSY: u32 = 1;

export function bytesOfEntry(processors: u32): u32 {
  return (holders + bytesOfSet(processors) + CACHE_LINE - 1) & ~(CACHE_LINE - 1);
}

/** A partition in the local memory of processor p. All is free, and the first generation is 1. */
export function createPartition(p: u32, processors: u32, places: u32): usize {
  const bytes = bytesOfEntry(processors);
  const T = local(p, places * bytes);
  for (let place: u32 = 0; place < places; place++) write(T + place * bytes, stateOf(1, 0, What.Free));
  return T;
}

export function stateOf(generation: u32, who: u32, what: What): u32 {
  return (generation << GENERATION) | (who << WHO) | what;
}

/** A processor as it is now. */
export function nameOf(R: usize): u32 {
  return ((incarnationOf(R) & INCARNATIONS) * MOST_PARTITIONS) | numberOf(R);
}

export function whatOf(state: u32): What {
  return state & WHAT;
}

/** Whether who makes, has destroyed or switches is still the one that it was. */
export function isByPresent(M: usize, state: u32): bool {
  const who = (state >> WHO) & ((1 << (GENERATION - WHO)) - 1);
  const R = recordOf(M, who % MOST_PARTITIONS);
  return isPresent(R) && nameOf(R) == who;
}

export function generationIn(state: u32): u32 {
  return state >> GENERATION;
}

/** The state of an object that can be found. */
export function liveAs(reference: u32): u32 {
  return stateOf(generationOf(reference), 0, What.Live);
}

export function state(E: usize): u32 {
  return read(E + stateIn);
}

export function change(E: usize, from: u32, to: u32): bool {
  return compare_and_swap(E + stateIn, from, to);
}

export function rootOf(E: usize): usize {
  return read(E + rootIn);
}

export function setRoot(E: usize, root: usize): void {
  write(E + rootIn, <u32>root);
}

export function nextOf(E: usize): usize {
  return load<u32>(E + nextIn);
}

export function setNext(E: usize, next: usize): void {
  store<u32>(E + nextIn, <u32>next);
}

export function degreeTo(E: usize): u32 {
  return load<u32>(E + degreeIn);
}

export function setDegreeTo(E: usize, degree: u32): void {
  store<u32>(E + degreeIn, degree);
}

/** A place of the partition T that was free, and that this processor has now to make an object in, or -1. */
export function takePlace(R: usize, T: usize): i32 {
  const M = managerOf(R);
  const places = placesOf(M);
  const bytes = bytesOfEntry(processorsOf(M));
  let place = load<u32>(R + cursor);
  for (let looked: u32 = 0; looked < places; looked++) {
    if (place == places) place = 0;
    const E = T + place * bytes;
    const now = state(E);
    if (whatOf(now) == What.Free && change(E, now, stateOf(generationIn(now), nameOf(R), What.Making))) {
      store<u32>(R + cursor, place + 1);
      return place;
    }
    place++;
  }
  return -1;
}

/** Of a place that this processor has taken: the object can be found. */
export function publish(R: usize, E: usize, root: usize): void {
  for (let word: u32 = 0, all = bytesOfSet(processorsOf(managerOf(R))); word < all; word += 4)
    write(E + holders + word, 0);
  setRoot(E, root);
  write(E + stateIn, stateOf(generationIn(state(E)), 0, What.Live));
}

/** Of a place whose taker has died: nobody has seen a reference of that generation. */
export function giveBack(E: usize, was: u32): void {
  change(E, was, stateOf(generationIn(was), 0, What.Free));
}

/** Nothing of the object is left: another can have its place, if there is one more generation. */
export function release(E: usize): void {
  const generation = generationIn(state(E));
  const next =
    generation == LAST_GENERATION ? stateOf(generation, 0, What.Retired) : stateOf(generation + 1, 0, What.Free);
  write(E + stateIn, next);
}

/** This processor may hold the object from now on. */
export function hold(R: usize, E: usize): void {
  const p = numberOf(R);
  const word = E + holders + (p / 32) * 4;
  const bit: u32 = 1 << (p % 32);
  if ((read(word) & bit) == 0) atomic.or<u32>(word, bit);
}

/** Adds the holders to a set of processors. */
export function addHolders(E: usize, set: usize, bytes: u32): void {
  for (let word: u32 = 0; word < bytes; word += 4) write(set + word, read(set + word) | read(E + holders + word));
}

/** Of 32 processors from `first` on, a multiple of 32: a bit for each holder. */
export function holdersFrom(E: usize, first: u32): u32 {
  return read(E + holders + first / 8);
}

export function isHolder(E: usize, p: u32): bool {
  return (read(E + holders + (p / 32) * 4) & (1 << (p % 32))) != 0;
}
