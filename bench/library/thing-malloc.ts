import { MemPool } from "@thi.ng/malloc";
import { threeStateLock } from "./atomics.js";
import { type Allocator, type Peer, shares } from "./peer.js";

interface Handle {
  readonly buffer: SharedArrayBuffer;
  /** Undefined where one thread has the pool for itself. */
  readonly lock: SharedArrayBuffer | undefined;
}

const BYTES = 64 * 1024 * 1024;

/** It is for one thread; where there are more, a lock is around it. */
export const thingMalloc: Peer = {
  allocator: {
    create: (parties) => {
      const buffer = new SharedArrayBuffer(BYTES);
      new MemPool({ buf: buffer });
      return shares(parties, { buffer, lock: parties > 1 ? new SharedArrayBuffer(256) : undefined } satisfies Handle);
    },
    attach: ({ buffer, lock }: Handle): Allocator => {
      const pool = new MemPool({ buf: buffer, skipInitialization: true });
      const words = new Int32Array(buffer);
      if (!lock) return { words, allocate: (bytes) => pool.malloc(bytes), free: (address) => void pool.free(address) };
      const { acquire, release } = threeStateLock(new Int32Array(lock));
      return {
        words,
        allocate: (bytes) => {
          acquire();
          const address = pool.malloc(bytes);
          release();
          return address;
        },
        free: (address) => {
          acquire();
          pool.free(address);
          release();
        },
      };
    },
  },
};
