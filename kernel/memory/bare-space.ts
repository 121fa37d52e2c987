/**
 * The fixed part of a library's space in the kernel's memory, for algorithms that use the library's protocols: workers'
 * records, and nothing else. It takes all memory from the first allocation on, so it is made once, before anything else.
 */
import * as space from "../library/space";
import { Failure, fail } from "../machine";
import { CACHE_LINE, shared } from "./placement";

/** `workers`: at most 926, whose records have room in the shared memory. */
export function createBareSpace(workers: u32): void {
  space.setWorkers(workers);
  if (space.cores() == 0) space.setCores(workers);
  const begin = shared(<u32>space.firstSpan() - CACHE_LINE);
  if (begin != CACHE_LINE) fail(Failure.OutOfSharedMemory);
}
