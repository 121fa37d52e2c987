/**
 * Handlers: what an object's kind does when a cluster has no representative of it yet. The object's root says which kind
 * it is; so a processor that never heard of an object can serve it.
 *
 * A kind has a number here, its representative's words behind those of the block, and what it makes of them.
 *
 *     Counter   | count: i64 |       what was added through this representative
 *
 * @source Gamsa et al., Tornado, OSDI 1999, section 3.2: an object's own miss handler; K42: createRep
 */
import { BLOCK_HEAD } from "./blocks";

/** 0 is none. */
export enum Kind {
  Counter = 1,
}

/** Of a counter's representative; bytes. */
export const COUNT: u32 = BLOCK_HEAD;

/** What one representative holds goes over to another, whose processors are to serve for its own. */
export function transfer(kind: Kind, from: usize, to: usize): void {
  switch (kind) {
    case Kind.Counter:
      store<i64>(to + COUNT, load<i64>(to + COUNT) + load<i64>(from + COUNT));
  }
}

export function makeRepresentative(kind: Kind, made: usize): void {
  switch (kind) {
    case Kind.Counter:
      store<i64>(made + COUNT, 0);
  }
}
