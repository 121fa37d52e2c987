/**
 * Names, proven. `turns` times each processor gives the same name to an object of its own, or is told which one has it, and
 * reads what its maker wrote to it. Between turns, the name is taken away by whose object has it; after the last, it stays.
 *
 *     SCENE | turns | name: 4 bytes | agreed | spinning | ... | an object of each |
 */
import { compare_and_swap, read, write } from "../../atomics";
import { Failure, fail, processor, processors } from "../../machine";
import { allocate, nextBlock, objectAround, release } from "../allocator";
import { bind, find, namedIdentity, unbind } from "../names";
import { createObject, Kind } from "../objects";
import { neverBlock } from "../sleep";
import { CACHE_LINE, enterAs } from "../space";
import { begin, expectNothingHeld, prepareWorkers, SCENE } from "./worker";

const turns: usize = SCENE;
const name: usize = SCENE + 4;
const LENGTH: u32 = 4;
/** The object that all are told of, if there is one turn. */
const agreed: usize = SCENE + 8;
/** So many of the first processors must not block. */
const spinning: usize = SCENE + 12;
const objects: usize = SCENE + CACHE_LINE;

const STAMP: u32 = 0x0b7ec7ed;

function objectOf(p: u32): usize {
  return read(objects + p * 4);
}

export function names_prove_init(turnsEach: u32, thatSpin: u32): void {
  prepareWorkers();
  memory.grow(2 * processors());
  write(turns, turnsEach);
  write(spinning, thatSpin);
  write(name, 0x73626f6a);
  for (let p: u32 = 0; p < processors(); p++) {
    enterAs(p + 1);
    // Of the size of entries: so that the span is there.
    release(allocate(24));
    write(objects + p * 4, <u32>createObject(Kind.Event, 16));
  }
}

export function names_prove_run(): void {
  begin();
  if (processor() < read(spinning)) neverBlock();
  const mine = objectOf(processor());
  store<u32>(mine + 4, STAMP);
  for (let left = read(turns); left > 0; left--) {
    const named = bind(name, LENGTH, mine, read(mine));
    if (load<u32>(named + 4) != STAMP) fail(Failure.Lost);
    if (read(turns) == 1 && !compare_and_swap(agreed, 0, <u32>named) && read(agreed) != named)
      fail(Failure.NotExclusive);
    if (left > 1 && named == mine) unbind(mine);
  }
}

/** Is told nothing, or an object of those who give the name, and its identity. */
export function names_prove_find(): void {
  begin();
  if (processor() < read(spinning)) neverBlock();
  const named = find(name, LENGTH);
  if (named != 0 && (load<u32>(named + 4) != STAMP || namedIdentity != read(named))) fail(Failure.Lost);
}

/** The name is there, with one entry; but for what each death has taken away, or left. */
export function names_prove_end(deaths: u32): void {
  expectNothingHeld();
  let entries: u32 = 0;
  for (let block = nextBlock(0); block != 0; block = nextBlock(block)) {
    if (objectAround(block) == 0) entries++;
  }
  enterAs(1);
  const named = find(name, LENGTH);
  if (named == 0 ? deaths == 0 : load<u32>(named + 4) != STAMP) fail(Failure.Lost);
  if (read(agreed) != 0 && read(agreed) != named) fail(Failure.NotExclusive);
  if (entries > 1 + deaths || (entries == 0 && named != 0)) fail(Failure.Lost);
  for (let p: u32 = 0; p < processors(); p++) unbind(objectOf(p));
  if (find(name, LENGTH) != 0) fail(Failure.Lost);
}
