/** Grows its memory page by page until it may have no more, or 16; each is zero, then written. Status: 0 if all was so. */
import { add, addNumber, endLine } from "./system";

const MOST: u32 = 16;

export function run(): u32 {
  let pages: u32 = 0;
  let wrong: u32 = 0;
  while (pages < MOST) {
    const before = memory.grow(1);
    if (before < 0) break;
    if (memory.size() != before + 1) wrong++;
    const last = ((<usize>before) << 16) + 65532;
    if (load<u32>(last) != 0) wrong++;
    store<u32>(last, ++pages);
    if (load<u32>(last) != pages) wrong++;
  }
  addNumber(pages);
  add(" pages more");
  endLine();
  return wrong;
}
