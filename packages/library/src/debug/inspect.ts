import { mustBeA } from "../arguments.js";
import { KINDS } from "../kinds.js";
import { SharedSpace } from "../space.js";
import { type CallReport, callOf, callsOf } from "./calls.js";
import { type PendingWait, readAwaits, readBlockingWait, readUnlisted, readWaits } from "./notes.js";
import { type ObjectName, objectAround, objectAt } from "./objects.js";

/** Of an identity: that the object was freed; kernel/library/objects.ts. */
const DYING = 2 ** 30;

/** A worker of the space: what it holds, and what it waits for. */
export interface WorkerReport {
  readonly slot: number;
  /** Node's `threadId`, 0 in browsers; undefined if debugging is not enabled in the worker. */
  readonly thread: number | undefined;
  /**
   * What it holds: locks, also for reading; semaphores of which it has permits; a Once whose work it does; barriers in
   * which it has a party; a Channel, in the middle of a message; a SharedMap or a SharedCache, in the middle of a call, so
   * that writers may have to wait for it.
   */
  readonly holds: readonly ObjectName[];
  /** The object that it is blocked on; undefined while it runs. For a worker that spins, only debugging knows it. */
  readonly waitsFor: ObjectName | undefined;
  /** The slots of the workers that hold `waitsFor`. */
  readonly holders: readonly number[];
  /** When it began to wait; undefined if debugging is not enabled in the worker. */
  readonly since: Date | undefined;
  /** Where it began to wait; undefined if debugging is not enabled in the worker. */
  readonly stack: string | undefined;
  /** What it stands inside of, so that memory of it cannot come back; undefined if nothing waits for the worker to go on. */
  readonly holdsUp: HeldUp | undefined;
  /** What it waits for without blocking, by methods that end in `Async`; empty if debugging is not enabled in it. */
  readonly awaits: readonly AwaitReport[];
  /** How many such waits there are beyond the 15 that are listed. */
  readonly moreAwaits: number;
}

/** An object in which a worker is in the middle of a call, and whose memory waits for the end of it. */
export interface HeldUp {
  readonly object: ObjectName;
  /** Whether others have freed the object. If not, entries wait that they have taken out of a SharedMap or a SharedCache. */
  readonly freed: boolean;
  /** How many bytes wait, without those of what belongs to a freed object. */
  readonly bytes: number;
}

/** A wait that does not block its worker. */
export interface AwaitReport {
  readonly object: ObjectName;
  /**
   * The slots of the workers that hold `object`. The worker itself is one of them if another of its own requests has
   * it.
   */
  readonly holders: readonly number[];
  readonly since: Date;
  /** Where the wait began. */
  readonly stack: string;
}

/** An object of the space, and the waits for it. */
export interface ObjectReport extends ObjectName {
  /** The slot of the worker in whose heap it lies, mostly the one that made it; 0 if that worker is gone. */
  readonly maker: number;
  readonly bytes: number;
  /** How many attempts have not found it free, since it was made; undefined for objects that do not count them. */
  readonly contentions: number | undefined;
  /** How often workers with debugging enabled have blocked for it. */
  readonly waits: number;
  /** The longest of these waits, in milliseconds. */
  readonly longestWait: number;
  /** All of these waits together, in milliseconds. */
  readonly totalWait: number;
}

/** What `inspect` saw in a space. */
export interface DebugReport {
  readonly workers: readonly WorkerReport[];
  /** The calls of Services that are under way, and those that wait for an A-stack. */
  readonly calls: readonly CallReport[];
  /** All objects that have not been freed. One that should be gone leaks. */
  readonly objects: readonly ObjectReport[];
  /** Bytes of all blocks in use, those that are no objects included. */
  readonly bytesInUse: number;
}

/**
 * Looks at a space. Does not block. Any worker may call it. What changes during the call may be seen before or after
 * its change. What is held only for a moment may be reported as held when it is no more.
 *
 * See docs/library/debug.md.
 *
 * @throws {TypeError} if `space` is not a SharedSpace
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
    if (kernel.is_live(slot) === 1) seen.push(inspectWorker(space, slot, { beforeItsLook: false }));
  }
  const holdersOf = (object?: ObjectName) =>
    seen.filter(({ holds }) => holds.some(({ address }) => address === object?.address)).map(({ slot }) => slot);
  const workers = seen.map((worker) => ({
    ...worker,
    holders: holdersOf(worker.waitsFor),
    awaits: worker.awaits.map(({ at, ...wait }) => ({ ...wait, holders: holdersOf(wait.object) })),
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
  const calls = objects.filter(({ kind }) => kind === "Service").flatMap((service) => callsOf(space, service, seen));
  return { workers, calls, objects: objects.filter(({ address }) => !contents.has(address)), bytesInUse };
}

/** `at`: the object, or a call's A-stack. */
type SeenAwait = Omit<AwaitReport, "holders"> & { readonly at: number };
type SeenWorker = Omit<WorkerReport, "holders" | "awaits"> & { readonly awaits: readonly SeenAwait[] };

/** `beforeItsLook`: a wait for ever is told as soon as others may find it in a cycle. */
export function inspectWorker(
  space: SharedSpace,
  slot: number,
  { beforeItsLook }: { beforeItsLook: boolean },
): SeenWorker {
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
  // A cycle that is closed after somebody has seen a wait for ever is found by its closer, and by nobody else.
  const isSeen = !written?.isForEver || (kernel.waits_for(slot) !== 0 && (beforeItsLook || written.hasLooked));
  const wait = isSeen ? written : undefined;
  const waitsFor = wait ? objectAt(space, wait.object) : sleepsOn(space, slot, listed);
  const entered = objectAt(space, kernel.entered_by(slot) >>> 0);
  const isOfEntries = entered?.kind === "SharedMap" || entered?.kind === "SharedCache";
  const isReading = isOfEntries && entered.address !== waitsFor?.address;
  return {
    slot,
    thread: isDebugged ? thread : undefined,
    holds: [...listed.filter(({ address }) => kernel.has(slot, address) === 1), ...(isReading ? [entered] : [])],
    waitsFor,
    since: wait?.since,
    stack: wait?.stack,
    holdsUp: heldUpBy(space, slot),
    awaits: isDebugged ? [...readAwaits(space, notes)].flatMap((wait) => awaitOf(space, wait)) : [],
    moreAwaits: isDebugged ? readUnlisted(space, notes) : 0,
  };
}

function heldUpBy(space: SharedSpace, slot: number): HeldUp | undefined {
  const bytes = space.kernel.held_up_by(slot) >>> 0;
  if (bytes === 0) return undefined;
  const address = space.kernel.entered_by(slot) >>> 0;
  const identity = Atomics.load(space.words(address, 4), address >>> 2);
  const kind = KINDS[((identity & ~DYING) >>> 24) - 1];
  // It may have left by now.
  return address !== 0 && kind ? { object: { kind, address }, freed: (identity & DYING) !== 0, bytes } : undefined;
}

function awaitOf(space: SharedSpace, { object, since, stack }: PendingWait): SeenAwait[] {
  const around = objectAround(space, object);
  const name = around?.kind === "Service" ? around : objectAt(space, object);
  return name ? [{ object: name, since, stack, at: object }] : [];
}

/**
 * What the place is of, at which a worker sleeps; of a Condition's waiter that is a block of its own, and the Condition
 * listed.
 */
function sleepsOn(space: SharedSpace, slot: number, listed: readonly ObjectName[]): ObjectName | undefined {
  const place = space.kernel.sleeps_at(slot) >>> 0;
  if (place === 0) return undefined;
  if (callOf(space, slot) !== 0) return objectAt(space, space.kernel.waits_for(slot) >>> 0);
  return objectAround(space, place) ?? listed.find(({ kind }) => kind === "Condition");
}
