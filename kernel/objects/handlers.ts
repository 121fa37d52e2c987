/**
 * Handlers: what an object's kind does when a cluster has no representative of it yet. The object's root says which kind
 * it is; so a processor that never heard of an object can serve it.
 *
 * A kind has a number here, its representative's words behind those of the block, and what it makes of them.
 *
 *     Counter   | count: i64 |                      what was added through this representative
 *     Value     | root | version, value: u64 |      of the root's words, as this one has seen them last
 *
 * @source Gamsa et al., Tornado, OSDI 1999, section 3.2: an object's own miss handler; K42: createRep
 */
import { BLOCK_HEAD } from "./blocks";

/** 0 is none. */
export enum Kind {
  Counter = 1,
  Value = 2,
}

/** Of a counter's representative; bytes. */
export const COUNT: u32 = BLOCK_HEAD;
/** Of a value's representative, and of its root. */
export const ROOT: u32 = BLOCK_HEAD;
export const SEEN: u32 = BLOCK_HEAD + 8;
export const VALUE: u32 = BLOCK_HEAD + 8;

/** The words of a root that are its object's own. */
export function makeRoot(kind: Kind, root: usize): void {
  switch (kind) {
    case Kind.Value:
      atomic.store<u64>(root + VALUE, 0);
  }
}

/** What one representative holds goes over to another, whose processors are to serve for its own. */
export function transfer(kind: Kind, from: usize, to: usize): void {
  switch (kind) {
    case Kind.Counter:
      store<i64>(to + COUNT, load<i64>(to + COUNT) + load<i64>(from + COUNT));
  }
}

export function makeRepresentative(kind: Kind, made: usize, root: usize): void {
  switch (kind) {
    case Kind.Counter:
      store<i64>(made + COUNT, 0);
      break;
    case Kind.Value:
      store<u32>(made + ROOT, <u32>root);
      atomic.store<u64>(made + SEEN, 0);
  }
}
