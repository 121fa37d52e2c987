import { KINDS, type Kind } from "../shared-object.js";
import type { SharedSpace } from "../space.js";
import { readStack, readWaits } from "./notes.js";

const CACHE_LINE = 128;

export interface ObjectName {
  readonly kind: Kind;
  readonly address: number;
}

export interface WorkerReport {
  readonly slot: number;
  /** Node's `threadId`, 0 in browsers; undefined if debugging is not enabled in the worker. */
  readonly thread: number | undefined;
  /**
   * Locks, for reading, too; semaphores, permits of which it has; a Once that it does; barriers, of which it is a party; a
   * Channel, in the middle of a message.
   */
  readonly holds: readonly ObjectName[];
  /** What it sleeps on, or has said to wait for; undefined while it runs. Who spins says so where debugging is enabled. */
  readonly waitsFor: ObjectName | undefined;
  /** The slots of those who hold that. */
  readonly holders: readonly number[];
  /** Where it began to wait, if debugging is enabled in it. */
  readonly stack: string | undefined;
}

export interface ObjectReport extends ObjectName {
  /** The slot of the worker in whose heap it lies: who made it, mostly; 0 if that worker is gone. */
  readonly maker: number;
  readonly bytes: number;
  /** Attempts that have not found it free, since it was made; undefined where that is not counted. */
  readonly contentions: number | undefined;
  /** Times that debugged workers have blocked for it; the longest, and all together, in milliseconds. */
  readonly waits: number;
  readonly longestWait: number;
  readonly totalWait: number;
}

/** What there is in a space, and who holds and waits for it. */
export interface DebugReport {
  readonly workers: readonly WorkerReport[];
  /** All that has not been freed: what should be gone, and is here, leaks. */
  readonly objects: readonly ObjectReport[];
  /** Of all blocks in use, objects and others. */
  readonly bytesInUse: number;
}

/**
 * Looks at a space; does not block, and may be called by any worker. What changes meanwhile may be there or not, and
 * what is held only for a moment may be said to be held when it is no more.
 */
export function inspect(space: SharedSpace): DebugReport {
  const { kernel } = space;
  const seen: Omit<WorkerReport, "holders">[] = [];
  const waits = new Map<number, { waits: number; longest: number; total: number }>();
  for (let slot = 1; slot <= kernel.workers(); slot++) {
    const notes = kernel.notes_of(slot) >>> 0;
    if (notes !== 0) {
      for (const { object, ...some } of readWaits(space, notes)) {
        const all = waits.get(object) ?? { waits: 0, longest: 0, total: 0 };
        waits.set(object, {
          waits: all.waits + some.waits,
          longest: Math.max(all.longest, some.longest),
          total: all.total + some.total,
        });
      }
    }
    if (kernel.is_live(slot) === 1) seen.push(inspectWorker(space, slot));
  }
  const holdersOf = (object?: ObjectName) =>
    seen.filter(({ holds }) => holds.some(({ address }) => address === object?.address)).map(({ slot }) => slot);
  const workers = seen.map((worker) => ({ ...worker, holders: holdersOf(worker.waitsFor) }));
  let bytesInUse = 0;
  /** Blocks that are what they contain, not objects. */
  const contents = new Set<number>();
  const objects: ObjectReport[] = [];
  for (let block = kernel.next_block(0) >>> 0; block !== 0; block = kernel.next_block(block) >>> 0) {
    const bytes = kernel.block_bytes(block);
    bytesInUse += bytes;
    const name = objectAt(space, block);
    if (name?.address !== block) continue;
    const { waits: times = 0, longest = 0, total = 0 } = waits.get(block) ?? {};
    if (name.kind === "SharedBuffer") contents.add(kernel.buffer_address(block) >>> 0);
    const contentions = name.kind === "Mutex" ? kernel.mutex_contentions(block) >>> 0 : undefined;
    const maker = kernel.block_owner(block);
    objects.push({ ...name, maker, bytes, contentions, waits: times, longestWait: longest, totalWait: total });
  }
  return { workers, objects: objects.filter(({ address }) => !contents.has(address)), bytesInUse };
}

export function inspectWorker(space: SharedSpace, slot: number): Omit<WorkerReport, "holders"> {
  const { kernel } = space;
  const holds: ObjectName[] = [];
  for (let index = 0, object = kernel.held_by(slot, 0); object !== 0; object = kernel.held_by(slot, ++index)) {
    const name = objectAt(space, object >>> 0);
    if (!name || kernel.has(slot, object) === 0) continue;
    if (!holds.some(({ address }) => address === name.address)) holds.push(name);
  }
  const waitsFor = objectAt(space, (kernel.waits_for(slot) || kernel.sleeps_at(slot)) >>> 0);
  const notes = kernel.notes_of(slot) >>> 0;
  const thread = kernel.thread_of(slot);
  const isDebugged = thread !== -1;
  return {
    slot,
    thread: isDebugged ? thread : undefined,
    holds,
    waitsFor,
    stack: isDebugged && waitsFor ? readStack(space, notes) : undefined,
  };
}

/** The object that has an address in its first line, where all words are that workers sleep on. */
export function objectAt(space: SharedSpace, address: number): ObjectName | undefined {
  const line = (address - (address % CACHE_LINE)) >>> 0;
  if (line === 0) return undefined;
  const kind = KINDS[(Atomics.load(space.words(line, 4), line >>> 2) >>> 24) - 1];
  return kind && space.kernel.block_bytes(line) >= CACHE_LINE ? { kind, address: line } : undefined;
}
