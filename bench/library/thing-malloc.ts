import { MemPool } from "@thi.ng/malloc";
import { threeStateLock } from "./atomics.js";
import { addresses, views } from "./blocks.js";
import { type Allocator, type Lock, type Peer, type Shared, shares } from "./peer.js";

interface Handle {
  readonly buffer: SharedArrayBuffer;
  /** Undefined where one thread has the pool for itself. */
  readonly lock: SharedArrayBuffer | undefined;
}

const BYTES = 64 * 1024 * 1024;
const LOCK_BYTES = 256;

/** It is for one thread; where there are more, a lock is around it. */
function shared<Block>(attach: (pool: MemPool, buffer: SharedArrayBuffer) => Allocator<Block>): Shared<Allocator> {
  return {
    create: (parties) => {
      const buffer = new SharedArrayBuffer(BYTES);
      new MemPool({ buf: buffer });
      const lock = parties > 1 ? new SharedArrayBuffer(LOCK_BYTES) : undefined;
      return shares(parties, { buffer, lock } satisfies Handle);
    },
    attach: ({ buffer, lock }: Handle) => {
      const allocator = attach(new MemPool({ buf: buffer, skipInitialization: true }), buffer);
      return (lock ? locked(allocator, threeStateLock(new Int32Array(lock))) : allocator) as Allocator;
    },
  };
}

function locked<Block>(allocator: Allocator<Block>, { acquire, release }: Lock): Allocator<Block> {
  return {
    ...allocator,
    allocate(bytes) {
      acquire();
      try {
        return allocator.allocate(bytes);
      } finally {
        release();
      }
    },
    free(block) {
      acquire();
      allocator.free(block);
      release();
    },
  };
}

function allocated<Block>(block: Block | undefined): Block {
  if (!block) throw new Error("no memory");
  return block;
}

export const thingAddresses: Peer = {
  allocator: shared((pool, buffer) => {
    const words = new Int32Array(buffer);
    return {
      allocate: (bytes) => allocated(pool.malloc(bytes)),
      free: (address: number) => void pool.free(address),
      stamp: (address, bytes, stamp) => addresses.stamp(words, address, bytes, stamp),
      intact: (address, bytes, stamp) => addresses.intact(words, address, bytes, stamp),
    };
  }),
};

export const thingViews: Peer = {
  allocator: shared((pool) => ({
    allocate: (bytes) => allocated(pool.mallocAs("u8", bytes)) as Uint8Array,
    free: (view: Uint8Array) => void pool.free(view),
    ...views,
  })),
};
