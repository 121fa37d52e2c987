/**
 * The same locks written with JavaScript's `Atomics`, as a program without the kernel would have them. Word offsets are
 * a cache line (32 words) apart.
 */
const words = new Int32Array(new SharedArrayBuffer(4096));
const TAS = 0;
const NEXT_TICKET = 32;
const NOW_SERVING = 33;
const TAIL = 64;
const NODE = 96;
const LOCKED = 1;
const MUTEX = 128;

/** A lock of one thread's: what a benchmark calls. */
export interface CalledLock {
  acquire(): void;
  release(): void;
}

const testAndSet: CalledLock = {
  acquire() {
    while (Atomics.exchange(words, TAS, 1) !== 0);
  },
  release() {
    Atomics.store(words, TAS, 0);
  },
};

const ticket: CalledLock = {
  acquire() {
    const mine = Atomics.add(words, NEXT_TICKET, 1);
    while (Atomics.load(words, NOW_SERVING) !== mine);
  },
  release() {
    Atomics.store(words, NOW_SERVING, (Atomics.load(words, NOW_SERVING) + 1) | 0);
  },
};

const mcs: CalledLock = {
  acquire() {
    words[NODE] = 0;
    const predecessor = Atomics.exchange(words, TAIL, NODE);
    if (predecessor !== 0) {
      words[NODE + LOCKED] = 1;
      Atomics.store(words, predecessor, NODE);
      while (Atomics.load(words, NODE + LOCKED) !== 0);
    }
  },
  release() {
    if (Atomics.load(words, NODE) === 0) {
      if (Atomics.compareExchange(words, TAIL, NODE, 0) === NODE) return;
      while (Atomics.load(words, NODE) === 0);
    }
    Atomics.store(words, Atomics.load(words, NODE) + LOCKED, 0);
  },
};

const spinThenBlock: CalledLock = {
  acquire() {
    if (Atomics.compareExchange(words, MUTEX, 0, 1) === 0) return;
    while (Atomics.exchange(words, MUTEX, 2) !== 0) Atomics.wait(words, MUTEX, 2);
  },
  release() {
    if (Atomics.exchange(words, MUTEX, 0) === 2) Atomics.notify(words, MUTEX, 1);
  },
};

export const ATOMICS_LOCKS: Readonly<Record<string, CalledLock>> = {
  "test-and-set": testAndSet,
  ticket,
  mcs,
  "spin-then-block": spinThenBlock,
};
