/**
 * Objects, proven where one operation follows the other: the identities of those that lie in one block, one after
 * the other.
 *
 *     SCENE | small: bytes of an object that lies in a span | large: of one that has pages of its own |
 *
 * What the compiler could know is kept in memory, so that it is the library's code that is executed, not a shorter one.
 */
import { read, write } from "../../atomics";
import { release } from "../allocator";
import { createObject, GENERATIONS, Kind, kindOf } from "../objects";
import { GENERATION } from "../space";
import { begin, expect, expectEqual, fillSpace, prepareAlone, SCENE } from "./worker";

const small: usize = SCENE;
const large: usize = SCENE + 4;

export function objects_prove_init(): void {
  prepareAlone(1);
  write(small, 16);
  write(large, 40000);
  memory.grow(8);
}

/** An identity: kind 8, generation 24. */
function expectObject(object: usize, kind: Kind, generation: u32): void {
  expectEqual(read(object), ((<u32>kind) << 24) | generation);
  expectEqual(<u32>kindOf(object), <u32>kind);
}

/** The generation of the object that was in the block last, and what else its word says. */
function freed(object: usize, word: u32): void {
  write(object, word);
  release(object);
}

export function objects_prove_alone(): void {
  begin();
  const first = createObject(Kind.Mutex, read(small));
  expectObject(first, Kind.Mutex, 1);
  freed(first, 1);
  expectEqual(<u32>createObject(Kind.Latch, read(small)), <u32>first);
  expectObject(first, Kind.Latch, 2);
  expectEqual(read(first + 4), 0);
  freed(first, ((<u32>Kind.Latch) << 24) | 6);
  expectEqual(<u32>createObject(Kind.Event, read(small)), <u32>first);
  expectObject(first, Kind.Event, 7);
  // Its generations are used up: the next object lies elsewhere.
  freed(first, GENERATIONS);
  const second = createObject(Kind.Once, read(small));
  expect(second != first);
  expectObject(second, Kind.Once, 1);
  expect(createObject(Kind.Once, read(small)) != first);
}

export function objects_prove_pages(): void {
  begin();
  write(GENERATION, 4);
  const first = createObject(Kind.Channel, read(large));
  expectObject(first, Kind.Channel, 5);
  expectEqual(read(GENERATION), 5);
  // Whatever there is in the pages.
  freed(first, 77);
  const second = createObject(Kind.Channel, read(large));
  expectObject(second, Kind.Channel, 6);
  // Small ones have their block's generations.
  expectObject(createObject(Kind.Mutex, read(small)), Kind.Mutex, 1);
  expectEqual(read(GENERATION), 6);
  // Where there is no room, there is no object at address 0.
  fillSpace();
  expectEqual(<u32>createObject(Kind.Channel, read(large)), 0);
  expectEqual(read(0), 0);
}
