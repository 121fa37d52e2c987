import {
  Channel,
  Condition,
  Mutex,
  receive,
  SharedBuffer,
  Counter as SharedCounter,
  SharedSpace,
  UnlockToken,
} from "#library/index.js";
import { addresses, views } from "./blocks.js";
import {
  type Allocator,
  CAPACITY,
  type ChannelShape,
  type Counter,
  END,
  type Endpoint,
  type Lock,
  type Monitor,
  type Peer,
  type Share,
  shares,
} from "./peer.js";

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

function attachMonitor(share: unknown): Monitor {
  const { mutex, condition } = receive<{ mutex: Mutex; condition: Condition }>(share);
  const token = new UnlockToken();
  return {
    acquire: () => void mutex.lock(token),
    release: () => void token.unlock(),
    wait: () => condition.wait(token),
    notify: () => void condition.notify(1),
  };
}

/** Of as many messages as the others' hold. */
function createChannel({ producers, consumers, bytes }: ChannelShape, codec: "bytes" | "structured"): Share[] {
  const parties = producers + consumers;
  const channel = new Channel(spaceOf(parties), { capacity: CAPACITY * (bytes + HEADER), codec });
  return shares(parties, { channel, bytes });
}

/** Bytes that a message takes besides its own. */
const HEADER = 8;

function attachBytes(share: unknown): Endpoint {
  const { channel, bytes } = receive<{ channel: Channel<Uint8Array>; bytes: number }>(share);
  const numbers = new Float64Array(bytes / 8);
  const message = new Uint8Array(numbers.buffer);
  const send = (number: number) => {
    numbers[0] = number;
    channel.send(message);
  };
  return {
    send,
    close: () => send(END),
    consume(take) {
      for (;;) {
        channel.receiveInto(message);
        if (numbers[0] === END) return;
        take(numbers[0]!);
      }
    },
  };
}

function attachNumbers(share: unknown): Endpoint {
  const { channel } = receive<{ channel: Channel<number> }>(share);
  return {
    send: (number) => channel.send(number),
    close: () => channel.send(END),
    consume(take) {
      for (let number = channel.receive()!; number !== END; number = channel.receive()!) take(number);
    },
  };
}

function attachCounter(share: unknown): Counter {
  const counter = receive<SharedCounter>(share);
  return { add: (amount) => counter.add(amount), read: () => counter.exact() };
}

/** What its objects are made of. */
function attachAddresses(memory: WebAssembly.Memory): Allocator<number> {
  const space = SharedSpace.of(memory);
  const { kernel } = space;
  let words = space.words(0, 0);
  return {
    allocate(bytes) {
      const address = space.mustHaveRoom("a block", kernel.allocate(bytes));
      if (address + bytes > words.byteLength) words = space.words(address, bytes);
      return address;
    },
    free: (address) => void kernel.release(address),
    stamp: (address, bytes, stamp) => addresses.stamp(words, address, bytes, stamp),
    intact: (address, bytes, stamp) => addresses.intact(words, address, bytes, stamp),
  };
}

function attachBuffers(memory: WebAssembly.Memory): Allocator<SharedBuffer> {
  const space = SharedSpace.of(memory);
  return {
    allocate: (bytes) => new SharedBuffer(space, bytes),
    free: (buffer) => buffer.free(),
    stamp: (buffer, bytes, stamp) => views.stamp(buffer.bytes, bytes, stamp),
    intact: (buffer, bytes, stamp) => views.intact(buffer.bytes, bytes, stamp),
  };
}

function memoryShares(parties: number): Share[] {
  return shares(parties, spaceOf(parties).memory);
}

export const landspout: Peer = {
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
  monitor: {
    create: (parties) => {
      const space = spaceOf(parties);
      return shares(parties, { mutex: new Mutex(space), condition: new Condition(space) });
    },
    attach: attachMonitor,
  },
  channel: { create: (shape) => createChannel(shape, "bytes"), attach: attachBytes },
  counter: { create: (parties) => shares(parties, new SharedCounter(spaceOf(parties))), attach: attachCounter },
  allocator: { create: memoryShares, attach: (memory: WebAssembly.Memory) => attachBuffers(memory) as Allocator },
};

/** Messages of values, as structured clone copies them. */
export const numbers: Peer = {
  channel: { create: (shape) => createChannel(shape, "structured"), attach: attachNumbers },
};

export const addressed: Peer = {
  allocator: { create: memoryShares, attach: (memory: WebAssembly.Memory) => attachAddresses(memory) as Allocator },
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
