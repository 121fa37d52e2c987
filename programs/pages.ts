/**
 * Touches many pages: writes one word of each KiB of 256, in an order that jumps, then reads them all in another. Status: 0
 * if every word was what it should be.
 */
import { add, addNumber, endLine } from "./system";

const WORDS: u32 = 256;
const STRIDE: u32 = 1024;
/** Without common factors with WORDS. */
const FORTH: u32 = 77;
const BACK: u32 = 151;

export function run(): u32 {
  const first = (<usize>memory.grow((WORDS * STRIDE) >> 16)) << 16;
  for (let i: u32 = 0; i < WORDS; i++) {
    const word = (i * FORTH) % WORDS;
    store<u32>(first + word * STRIDE, word * word);
  }
  let wrong: u32 = 0;
  for (let i: u32 = 0; i < WORDS; i++) {
    const word = (i * BACK) % WORDS;
    if (load<u32>(first + word * STRIDE) != word * word) wrong++;
  }
  addNumber(wrong);
  add(" wrong words");
  endLine();
  return wrong;
}
