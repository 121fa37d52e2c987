/**
 * All ways to wait: for each, how others are kept waiting, how one waits, and what lets one of those who wait go on.
 */
import {
  Barrier,
  type BarrierParty,
  Channel,
  Condition,
  Event,
  McsLock,
  Mutex,
  Once,
  RwLock,
  Semaphore,
  type SharedObject,
  type SharedSpace,
  TicketLock,
  type UnlockToken,
} from "#library/index.js";

export interface Limits {
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** Undoes what was waited for, so that others can have it. */
export type Undo = () => void;

export interface Way<Objects extends Record<string, SharedObject>> {
  make(space: SharedSpace): Objects;
  /**
   * Keeps others waiting. Returns what lets one of them go on; to be called again for the next one. False: it has to
   * wait already for that, and nobody does.
   */
  hold(objects: Objects): () => unknown;
  /** Blocks, `milliseconds` at most; null: the time was over. Absent: there is no such form. */
  wait?(objects: Objects, milliseconds: number): Undo | null;
  /** Rejects when the time is over, or it was aborted. */
  waitAsync(objects: Objects, limits: Limits): Promise<Undo>;
  /**
   * What must be possible as before, as soon as who waited has given up, and while the others are still kept waiting.
   */
  meanwhile?(objects: Objects): void;
  /** What happens while one waits. */
  disturb?(objects: Objects): void;
}

const nothing = (): void => {};
const undo = (token: UnlockToken | null): Undo | null => token && (() => void token.unlock());
const must = (undo: Undo | null): Undo => {
  if (!undo) throw new Error("Not to be had");
  return undo;
};

type Lock = Mutex | TicketLock | McsLock | RwLock;

function lock(make: (space: SharedSpace) => Lock): Way<{ lock: Lock }> {
  return {
    make: (space) => ({ lock: make(space) }),
    hold: ({ lock }) => must(undo(lock.lock())),
    wait: ({ lock }, milliseconds) => undo(lock.lockIfAvailable(milliseconds)),
    waitAsync: async ({ lock }, limits) => must(undo(await lock.lockAsync(limits))),
  };
}

/** The party of this worker, for each barrier. */
/** By the barrier itself: each message brings another object of it. */
const parties = new Map<string, BarrierParty>();
function partyOf(barrier: Barrier): BarrierParty {
  const { address, identity } = barrier.handle;
  const party = parties.get(`${address} ${identity}`) ?? barrier.join();
  parties.set(`${address} ${identity}`, party);
  return party;
}

const ROOM = 64;
const message = new Uint8Array(ROOM - 8);

// biome-ignore lint/suspicious/noExplicitAny: each way has objects of its own
export const WAYS: Readonly<Record<string, Way<any>>> = {
  Mutex: lock((space) => new Mutex(space)),
  TicketLock: lock((space) => new TicketLock(space, { force: true })),
  McsLock: lock((space) => new McsLock(space, { force: true })),
  "RwLock, to write after a writer": lock((space) => new RwLock(space)),
  "RwLock, to write after a reader": {
    make: (space) => ({ lock: new RwLock(space) }),
    hold: ({ lock }) => must(undo(lock.lockShared())),
    wait: ({ lock }, milliseconds) => undo(lock.lockIfAvailable(milliseconds)),
    waitAsync: async ({ lock }, limits) => must(undo(await lock.lockAsync(limits))),
    meanwhile: ({ lock }) => must(undo(lock.lockSharedIfAvailable(0)))(),
  } satisfies Way<{ lock: RwLock }>,
  "RwLock, to read": {
    make: (space) => ({ lock: new RwLock(space) }),
    hold: ({ lock }) => must(undo(lock.lock())),
    wait: ({ lock }, milliseconds) => undo(lock.lockSharedIfAvailable(milliseconds)),
    waitAsync: async ({ lock }, limits) => must(undo(await lock.lockSharedAsync(limits))),
  } satisfies Way<{ lock: RwLock }>,
  Semaphore: {
    make: (space) => ({ semaphore: new Semaphore(space, 1) }),
    hold: ({ semaphore }) => {
      const permit = semaphore.acquire();
      return () => void permit.release();
    },
    wait: ({ semaphore }, milliseconds) => {
      const permit = semaphore.acquireIfAvailable(milliseconds);
      return permit && (() => void permit.release());
    },
    waitAsync: async ({ semaphore }, limits) => {
      const permit = await semaphore.acquireAsync(1, limits);
      return () => void permit.release();
    },
  } satisfies Way<{ semaphore: Semaphore }>,
  "Semaphore, for more permits than there are for long": {
    make: (space) => ({ semaphore: new Semaphore(space, 3) }),
    hold: ({ semaphore }) => {
      const permit = semaphore.acquire(1);
      return () => void permit.release();
    },
    wait: ({ semaphore }, milliseconds) => {
      const permit = semaphore.acquireIfAvailable(milliseconds, 3);
      return permit && (() => void permit.release());
    },
    waitAsync: async ({ semaphore }, limits) => {
      const permit = await semaphore.acquireAsync(3, limits);
      return () => void permit.release();
    },
    // Who has looked in vain often enough has the turn, and others get nothing before it.
    disturb: ({ semaphore }) => void semaphore.acquireIfAvailable(0)?.release(),
    meanwhile: ({ semaphore }) => void semaphore.acquireIfAvailable(0, 2)!.release(),
  } satisfies Way<{ semaphore: Semaphore }>,
  Condition: {
    make: (space) => ({ mutex: new Mutex(space), condition: new Condition(space) }),
    hold:
      ({ condition }) =>
      () =>
        condition.notify(1) > 0,
    wait: ({ mutex, condition }, milliseconds) => {
      using token = mutex.lock();
      return condition.waitFor(token, milliseconds) ? nothing : null;
    },
    waitAsync: async ({ mutex, condition }, limits) => {
      using token = await mutex.lockAsync();
      await condition.waitAsync(token, limits);
      return nothing;
    },
    meanwhile: ({ mutex }) => must(undo(mutex.lockIfAvailable(0)))(),
  } satisfies Way<{ mutex: Mutex; condition: Condition }>,
  Event: {
    make: (space) => ({ event: new Event(space) }),
    hold:
      ({ event }) =>
      () =>
        event.set(),
    wait: ({ event }, milliseconds) => (event.wait(milliseconds) ? nothing : null),
    waitAsync: async ({ event }, limits) => {
      await event.waitAsync(limits);
      return nothing;
    },
  } satisfies Way<{ event: Event }>,
  Once: {
    make: (space) => ({ once: new Once(space) }),
    hold: ({ once }) => {
      let done = nothing;
      const work = new Promise<void>((resolve) => {
        done = resolve;
      });
      void once.callAsync(() => work);
      return () => done();
    },
    waitAsync: async ({ once }, limits) => {
      await once.callAsync(nothing, limits);
      return nothing;
    },
  } satisfies Way<{ once: Once }>,
  "Channel, to receive": {
    make: (space) => ({ channel: new Channel<Uint8Array>(space, { capacity: ROOM, codec: "bytes" }) }),
    hold:
      ({ channel }) =>
      () =>
        channel.send(message),
    wait: ({ channel }, milliseconds) => (channel.receiveIfAvailable(milliseconds) ? nothing : null),
    waitAsync: async ({ channel }, limits) => {
      await channel.receiveAsync(limits);
      return nothing;
    },
  } satisfies Way<{ channel: Channel<Uint8Array> }>,
  "Channel, to send": {
    make: (space) => ({ channel: new Channel<Uint8Array>(space, { capacity: ROOM, codec: "bytes" }) }),
    hold: ({ channel }) => {
      channel.send(message);
      return () => void channel.receive();
    },
    wait: ({ channel }, milliseconds) => (channel.sendIfAvailable(message, milliseconds) ? nothing : null),
    waitAsync: async ({ channel }, limits) => {
      await channel.sendAsync(message, limits);
      return nothing;
    },
  } satisfies Way<{ channel: Channel<Uint8Array> }>,
  Barrier: {
    make: (space) => ({ barrier: new Barrier(space, 3) }),
    hold: ({ barrier }) => {
      const party = barrier.join();
      let has = false;
      return () => {
        if (!has) party.arrive();
        has = true;
      };
    },
    waitAsync: async ({ barrier }, limits) => {
      await partyOf(barrier).waitAsync(limits);
      return nothing;
    },
  } satisfies Way<{ barrier: Barrier }>,
};
