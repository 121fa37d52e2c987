import { Mutex, receive, SharedSpace, UnlockToken } from "#dist/library/index.js";
import { type Allocator, type Lock, type Peer, shares } from "./peer.js";

const spaces = new Map<number, SharedSpace>();

/** One for each number of workers: those who have received nothing of it do not compete for cores. */
function spaceOf(parties: number): SharedSpace {
  if (!spaces.has(parties)) spaces.set(parties, new SharedSpace());
  return spaces.get(parties)!;
}

function attachLock(share: unknown): Lock {
  const mutex = receive<Mutex>(share);
  const token = new UnlockToken();
  return {
    acquire: () => void mutex.lock(token),
    release: () => void token.unlock(),
  };
}

/** Bytes that allocations may take. */
const BYTES = 64 * 1024 * 1024;

function createAllocator(parties: number) {
  const { kernel, memory } = spaceOf(parties);
  // So that views of the memory need not be made anew.
  kernel.release(kernel.allocate(BYTES));
  return shares(parties, { memory });
}

function attachAllocator({ memory }: { memory: WebAssembly.Memory }): Allocator {
  const { kernel } = SharedSpace.of(memory);
  return {
    words: new Uint32Array(memory.buffer),
    allocate: (bytes) => kernel.allocate(bytes),
    free: (address) => void kernel.release(address),
  };
}

export const landspout: Peer = {
  allocator: { create: createAllocator, attach: attachAllocator },
  pair: () => {
    const mutex = new Mutex(spaceOf(1));
    const token = new UnlockToken();
    return () => {
      mutex.lock(token);
      token.unlock();
    };
  },
  awaitedPairs: () => {
    const mutex = new Mutex(spaceOf(1));
    return async (pairs) => {
      for (let i = 0; i < pairs; i++) {
        const token = await mutex.lockAsync();
        token.unlock();
      }
    };
  },
  lock: { create: (parties) => shares(parties, new Mutex(spaceOf(parties))), attach: attachLock },
};

export const newTokens: Peer = {
  pair: () => {
    const mutex = new Mutex(spaceOf(1));
    return () => {
      const token = mutex.lock();
      token.unlock();
    };
  },
};
