/**
 * Where memory is homed. The address space is one shared (interleaved) part, then one local part a processor:
 *
 *     0                             128        SHARED_BYTES   + LOCAL_BYTES     + 2 LOCAL_BYTES
 *     | next | seed | slot | patience | shared ... | next | local 0 ... | next | local 1 ...
 *
 * Each part begins with a line that holds the address of its first free byte; in a local part some lines are left out
 * after it, a different number for neighbours, so that like records of different processors, and what is shared, do not
 * meet in one set of a cache. Both allocators hand out whole cache lines, zeroed, and never take them back: `boot`
 * makes the whole space new. Address 0 is in the first line and so never handed out.
 *
 * Invariant: next is a multiple of CACHE_LINE and only grows, by fetch_and_add, so that no two callers get one byte.
 */
import { Failure, fail } from "../machine";

/** Bytes; two 64-byte lines, because x86-64 and arm64 fetch lines in pairs. */
export const CACHE_LINE: u32 = 128;
/** Bytes of the shared part. */
export const SHARED_BYTES: u32 = 4 << 20;
/** Bytes of each processor's local part. */
export const LOCAL_BYTES: u32 = 64 << 10;

/** Address of the word that all random numbers begin with. */
export const SEED: usize = 4;
/** Address of the word that holds the unit of delays. */
export const SLOT: usize = 8;
/** Address of the word that holds how long spinning goes on before sleep. */
export const PATIENCE: usize = 12;

const PAGE: u32 = 64 << 10;
/** Lines left out at the begin of local parts: COLOURS to 2 COLOURS - 1. A page of 4 KiB has 32. */
const COLOURS: u32 = 16;

function localPart(processor: u32): u32 {
  return SHARED_BYTES + processor * LOCAL_BYTES;
}

/** Local parts that the memory has room for. */
function localParts(): u32 {
  return <u32>memory.size() - SHARED_BYTES / PAGE;
}

/** The first address that the allocator of a part hands out. */
function firstLocal(processor: u32): u32 {
  return localPart(processor) + (1 + COLOURS + (processor % COLOURS)) * CACHE_LINE;
}

/** The processor in whose local part the address lies, or -1 for the shared part. */
export function home(address: usize): i32 {
  return <u32>address < SHARED_BYTES ? -1 : <i32>((<u32>address - SHARED_BYTES) / LOCAL_BYTES);
}

/**
 * Empties the memory for `processors` processors, growing it as needed. To be called by one, before any other entry.
 */
export function boot(processors: u32): void {
  const pages = <i32>(localPart(processors) / PAGE);
  const missing = pages - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) fail(Failure.OutOfSharedMemory);
  clear(0, CACHE_LINE, SHARED_BYTES);
  for (let p: u32 = 0; p < localParts(); p++) clear(localPart(p), firstLocal(p), localPart(p + 1));
}

function clear(part: usize, first: u32, end: u32): void {
  // Beyond its end where an allocation failed.
  const next = min(atomic.load<u32>(part), end);
  if (next > 0) memory.fill(part, 0, next - <u32>part);
  atomic.store<u32>(part, first);
}

/** Zeroed cache lines of at least `bytes` bytes that belong to no processor. */
export function shared(bytes: u32): usize {
  return take(0, bytes, SHARED_BYTES, Failure.OutOfSharedMemory);
}

/** Zeroed cache lines of at least `bytes` bytes, homed at `processor`. */
export function local(processor: u32, bytes: u32): usize {
  const part = localPart(processor);
  return take(part, bytes, part + LOCAL_BYTES, Failure.OutOfLocalMemory);
}

/** Bytes of the shared part that are still to be handed out. */
export function sharedLeft(): u32 {
  return SHARED_BYTES - atomic.load<u32>(0);
}

function take(part: usize, bytes: u32, end: u32, failure: Failure): usize {
  const size = (bytes + CACHE_LINE - 1) & ~(CACHE_LINE - 1);
  const address = atomic.add<u32>(part, size);
  if (bytes > end || address + size > end) fail(failure);
  return address;
}

/** Bytes handed out so far in all parts. */
export function allocated(): u32 {
  let bytes = atomic.load<u32>(0) - CACHE_LINE;
  for (let p: u32 = 0; p < localParts(); p++) bytes += atomic.load<u32>(localPart(p)) - firstLocal(p);
  return bytes;
}
