import { USER } from "../user.js";
import type { Key, MapOfPeer } from "./peer.js";

/** Entries of a map. */
const ENTRIES = 10_000;

const FEW = 1000;

const TEXTS = Array.from({ length: ENTRIES }, (_, i) => `user:${i}`);

interface Work {
  /** What is in the map before. */
  prepare(): Iterable<readonly [Key, unknown]>;
  /** The i-th operation. */
  once(map: MapOfPeer, i: number): unknown;
}

/** Entries in an order that no cache likes. */
const at = (i: number) => (i * 7919) % ENTRIES;

function* numbers(): Iterable<readonly [Key, unknown]> {
  for (let i = 0; i < ENTRIES; i++) yield [i, i];
}

function* users(): Iterable<readonly [Key, unknown]> {
  for (const [id, text] of TEXTS.entries()) yield [text, { ...USER, id }];
}

function* few(): Iterable<readonly [Key, unknown]> {
  for (let id = 0; id < FEW; id++) yield [TEXTS[id]!, { ...USER, id }];
}

export const WORKS = {
  "get a number": { prepare: numbers, once: (map, i) => map.get(at(i)) },
  "get an object of 100 bytes": { prepare: users, once: (map, i) => map.get(TEXTS[at(i)]!) },
  // As many as a first level has room for.
  "get one of few objects of 100 bytes": { prepare: few, once: (map, i) => map.get(TEXTS[(i * 7919) % FEW]!) },
  "set a number": { prepare: numbers, once: (map, i) => map.set(at(i), i) },
  "set an object of 100 bytes": { prepare: users, once: (map, i) => map.set(TEXTS[at(i)]!, { ...USER, id: i }) },
  "read a number, seldom write": {
    prepare: numbers,
    once: (map, i) => (i % 20 === 0 ? map.set(at(i), i) : map.get(at(i))),
  },
  // 95 of 100 read.
  "read, seldom write": {
    prepare: users,
    once: (map, i) => (i % 20 === 0 ? map.set(TEXTS[at(i)]!, { ...USER, id: i }) : map.get(TEXTS[at(i)]!)),
  },
} satisfies Record<string, Work>;

export type WorkName = keyof typeof WORKS;
