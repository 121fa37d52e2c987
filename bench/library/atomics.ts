/**
 * What programs write by hand with `Atomics`: the mutex with three states (Drepper, "Futexes are tricky", 2011, mutex 2),
 * the popular one with two states that always notifies, the condition that is a sequence number, and counters.
 */
import { type Counter, type Lock, type Monitor, type Peer, type Shared, shares } from "./peer.js";

const FREE = 0;
const HELD = 1;
const CONTENDED = 2;
/** Words of the buffer, a cache line (128 bytes) apart. */
const LOCK = 0;
const SEQUENCE = 32;
const BYTES = 256;

function shared<Attached>(attach: (words: Int32Array) => Attached): Shared<Attached> {
  return {
    create: (parties) => shares(parties, new SharedArrayBuffer(BYTES)),
    attach: (buffer: SharedArrayBuffer) => attach(new Int32Array(buffer)),
  };
}

export function threeStateLock(words: Int32Array): Lock {
  return {
    acquire() {
      if (Atomics.compareExchange(words, LOCK, FREE, HELD) === FREE) return;
      while (Atomics.exchange(words, LOCK, CONTENDED) !== FREE) Atomics.wait(words, LOCK, CONTENDED);
    },
    release() {
      if (Atomics.exchange(words, LOCK, FREE) === CONTENDED) Atomics.notify(words, LOCK, 1);
    },
  };
}

function twoStateLock(words: Int32Array): Lock {
  return {
    acquire() {
      while (Atomics.compareExchange(words, LOCK, FREE, HELD) !== FREE) Atomics.wait(words, LOCK, HELD);
    },
    release() {
      Atomics.store(words, LOCK, FREE);
      Atomics.notify(words, LOCK, 1);
    },
  };
}

function monitor(words: Int32Array, { acquire, release }: Lock): Monitor {
  return {
    acquire,
    release,
    wait() {
      const sequence = Atomics.load(words, SEQUENCE);
      release();
      Atomics.wait(words, SEQUENCE, sequence);
      acquire();
    },
    notify() {
      Atomics.add(words, SEQUENCE, 1);
      Atomics.notify(words, SEQUENCE, 1);
    },
  };
}

function oneWord(words: Int32Array): Counter {
  return {
    add: (amount) => {
      Atomics.add(words, 0, amount);
    },
    read: () => Atomics.load(words, 0),
  };
}

function words(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(BYTES));
}

export const threeStates: Peer = {
  pair: () => {
    const lock = threeStateLock(words());
    return () => {
      lock.acquire();
      lock.release();
    };
  },
  lock: shared(threeStateLock),
  monitor: shared((words) => monitor(words, threeStateLock(words))),
};

export const twoStates: Peer = {
  pair: () => {
    const lock = twoStateLock(words());
    return () => {
      lock.acquire();
      lock.release();
    };
  },
  lock: shared(twoStateLock),
  monitor: shared((words) => monitor(words, twoStateLock(words))),
};

export const oneSharedWord: Peer = { counter: shared(oneWord) };

/** The critical section and the think time alone. */
export const noLock: Peer = { lock: shared(() => ({ acquire() {}, release() {} })) };
