/**
 * The redo log, proven: exact words, one operation after the other; and what a death left is made while another frees the
 * object, and makes one of the same size, which has its block if nobody is inside.
 *
 *     SCENE | object | its identity | the other object | most | one |
 *
 * What the compiler could know is kept in memory, so that it is the library's code that is executed, not a shorter one.
 */
import { read, write } from "../../atomics";
import { processor, processors } from "../../machine";
import { freeObject } from "../free";
import { createObject, Kind } from "../objects";
import { carryOut, finish, intend } from "../redo";
import { enterAs, inside, my, recordOf, redo, redoOf } from "../space";
import { begin, beginGuarding, endGuarding, expect, prepareWorkers, SCENE } from "./worker";

const object: usize = SCENE;
const identity: usize = SCENE + 4;
const another: usize = SCENE + 8;
const most: usize = SCENE + 12;
const one: usize = SCENE + 16;

// Of the object: words that change.
const words: usize = 64;
const BYTES: u32 = 128;
/** Words that can be changed at once. */
const MOST: u32 = 7;

/** Where a record has the entries. */
const entries: usize = redo + 8;

export function redo_prove_init(): void {
  prepareWorkers();
  memory.grow(1);
  enterAs(1);
  const O = createObject(Kind.Counter, BYTES);
  write(object, <u32>O);
  write(identity, read(O));
  write(most, MOST);
  write(one, 1);
  // The last processor's slot has begun to change two words.
  enterAs(processors());
  leave(O, 2, 7, read(O));
}

/** What a death leaves that came after the number was written: the words are to be `value`, `value` + 1 ... */
function leave(O: usize, count: u32, value: i64, as: u32): void {
  for (let i: u32 = 0; i < count; i++) intend(i, O + words + i * 8, value + i);
  store<u64>(my + redoOf, <u64>O | ((<u64>as) << 32));
  store<u32>(my + redo, count);
}

function expectWords(O: usize, first: i64, second: i64, last: i64): void {
  expect(load<i64>(O + words) == first && load<i64>(O + words + 8) == second);
  expect(load<i64>(O + words + (MOST - 1) * 8) == last && load<i64>(O + words + MOST * 8) == 0);
  expect(load<u32>(my + redo) == 0 && read(my + inside) == 0);
}

export function redo_prove_alone(): void {
  begin();
  const O: usize = read(object);
  finish(my);
  expectWords(O, 7, 8, 0);
  // What is intended is not done yet.
  for (let i: u32 = 0; i < MOST; i++) {
    intend(i, O + words + i * 8, ((<i64>1) << 40) + i);
    expect(load<u32>(my + entries + i * 16) == O + words + i * 8);
    expect(load<i64>(my + entries + i * 16 + 8) == ((<i64>1) << 40) + i);
    expectWords(O, 7, 8, 0);
  }
  finish(my);
  expectWords(O, 7, 8, 0);
  carryOut(O, read(most));
  expectWords(O, 1 << 40, ((<i64>1) << 40) + 1, ((<i64>1) << 40) + MOST - 1);
  expect(load<u64>(my + redoOf) == (<u64>O | ((<u64>read(identity)) << 32)));
  // As many as there are, not those of before.
  intend(0, O + words, -1);
  intend(1, O + words + 8, -2);
  carryOut(O, read(one));
  expectWords(O, -1, ((<i64>1) << 40) + 1, ((<i64>1) << 40) + MOST - 1);
  // It is another object by now.
  leave(O, 2, 3, read(identity) + 1);
  finish(my);
  expectWords(O, -1, ((<i64>1) << 40) + 1, ((<i64>1) << 40) + MOST - 1);
  // It is done once.
  leave(O, 1, 3, read(identity));
  finish(my);
  expectWords(O, 3, ((<i64>1) << 40) + 1, ((<i64>1) << 40) + MOST - 1);
  store<i64>(O + words, 4);
  finish(my);
  expectWords(O, 4, ((<i64>1) << 40) + 1, ((<i64>1) << 40) + MOST - 1);
}

/** The last one finishes, the other frees. */
export function redo_prove_finish(): void {
  begin();
  if (processor() == processors() - 1) {
    finish(my);
    return;
  }
  expect(freeObject(read(object), read(identity)));
  const made = createObject(Kind.Counter, BYTES);
  store<i64>(made + words, 1);
  store<i64>(made + words + 8, 2);
  write(another, <u32>made);
}

/** Once more, of who died while it finished. */
export function redo_prove_death(dead: u32): void {
  beginGuarding();
  finish(recordOf(dead + 1));
  endGuarding(true);
}

/** The words are those that were to be, or the other object's own. */
export function redo_prove_end(): void {
  expect(load<u32>(recordOf(processors()) + redo) == 0);
  const made: usize = read(another);
  const O: usize = made == 0 ? read(object) : made;
  expect(load<i64>(O + words) == (made == 0 ? 7 : 1) && load<i64>(O + words + 8) == (made == 0 ? 8 : 2));
}
