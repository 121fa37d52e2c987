import { mustBeA } from "../arguments.js";
import { KINDS, type Kind } from "../kinds.js";
import { SharedSpace } from "../space.js";
import { type PendingWait, readAwaits, readBlockingWait, readUnlisted, readWaits } from "./notes.js";

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
  /** What it is blocked on; undefined while it runs. Of a worker that spins, only debugging knows. */
  readonly waitsFor: ObjectName | undefined;
  /** The slots of the workers that hold that. */
  readonly holders: readonly number[];
  /** Since when, and where it began to wait, if debugging is enabled in it. */
  readonly since: Date | undefined;
  readonly stack: string | undefined;
  /** What it waits for without blocking, by the forms that end in Async; empty if debugging is not enabled in it. */
  readonly awaits: readonly AwaitReport[];
  /** How many such waits there are beyond the 15 that are listed. */
  readonly moreAwaits: number;
}

/** A wait that does not block its worker. */
export interface AwaitReport {
  readonly object: ObjectName;
  /** The slots of the workers that hold it. The worker itself is one of them where a request waits for another one of its own. */
  readonly holders: readonly number[];
  readonly since: Date;
  /** Where it began. */
  readonly stack: string;
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
  mustBeA(SharedSpace, space, "inspect");
  const { kernel } = space;
  const seen: SeenWorker[] = [];
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
  const workers = seen.map((worker) => ({
    ...worker,
    holders: holdersOf(worker.waitsFor),
    awaits: worker.awaits.map((wait) => ({ ...wait, holders: holdersOf(wait.object) })),
  }));
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

type SeenAwait = Omit<AwaitReport, "holders">;
type SeenWorker = Omit<WorkerReport, "holders" | "awaits"> & { readonly awaits: readonly SeenAwait[] };

export function inspectWorker(space: SharedSpace, slot: number): SeenWorker {
  const { kernel } = space;
  const listed: ObjectName[] = [];
  for (let index = 0, object = kernel.held_by(slot, 0); object !== 0; object = kernel.held_by(slot, ++index)) {
    const name = objectAt(space, object >>> 0);
    if (name && !listed.some(({ address }) => address === name.address)) listed.push(name);
  }
  const thread = kernel.thread_of(slot);
  const isDebugged = thread !== -1;
  const notes = kernel.notes_of(slot) >>> 0;
  const written = isDebugged ? readBlockingWait(space, notes) : undefined;
  // Whoever sees a wait for ever can rely on it: a cycle that is closed after it is found by whoever closes it.
  const wait = written?.isForEver && kernel.waits_for(slot) === 0 ? undefined : written;
  return {
    slot,
    thread: isDebugged ? thread : undefined,
    holds: listed.filter(({ address }) => kernel.has(slot, address) === 1),
    waitsFor: wait ? objectAt(space, wait.object) : sleepsOn(space, slot, listed),
    since: wait?.since,
    stack: wait?.stack,
    awaits: isDebugged ? [...readAwaits(space, notes)].flatMap((wait) => awaitOf(space, wait)) : [],
    moreAwaits: isDebugged ? readUnlisted(space, notes) : 0,
  };
}

function awaitOf(space: SharedSpace, { object, since, stack }: PendingWait): SeenAwait[] {
  const name = objectAt(space, object);
  return name ? [{ object: name, since, stack }] : [];
}

/** What the place is of, at which a worker sleeps; of a Condition's waiter that is a block of its own, and the Condition listed. */
function sleepsOn(space: SharedSpace, slot: number, listed: readonly ObjectName[]): ObjectName | undefined {
  const place = space.kernel.sleeps_at(slot) >>> 0;
  if (place === 0) return undefined;
  return objectAround(space, place) ?? listed.find(({ kind }) => kind === "Condition");
}

/** The object in whose block an address is. */
function objectAround(space: SharedSpace, address: number): ObjectName | undefined {
  const { kernel } = space;
  for (let block = kernel.next_block(0) >>> 0; block !== 0; block = kernel.next_block(block) >>> 0) {
    if (block <= address && address < block + kernel.block_bytes(block)) return objectAt(space, block);
  }
  return undefined;
}

/** The object that begins in the line of an address. */
export function objectAt(space: SharedSpace, address: number): ObjectName | undefined {
  const line = (address - (address % CACHE_LINE)) >>> 0;
  if (line === 0) return undefined;
  const kind = KINDS[(Atomics.load(space.words(line, 4), line >>> 2) >>> 24) - 1];
  return kind && space.kernel.block_bytes(line) >= CACHE_LINE ? { kind, address: line } : undefined;
}
