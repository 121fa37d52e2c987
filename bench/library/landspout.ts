import {
  Channel,
  Condition,
  Mutex,
  receive,
  Counter as SharedCounter,
  SharedSpace,
  UnlockToken,
} from "#dist/library/index.js";
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

function attachAllocator(memory: WebAssembly.Memory): Allocator {
  const space = SharedSpace.of(memory);
  const { kernel } = space;
  const allocator = {
    words: space.words(0, 0),
    allocate(bytes: number) {
      const address = kernel.allocate(bytes) >>> 0;
      if (address + bytes > allocator.words.byteLength) allocator.words = space.words(address, bytes);
      return address;
    },
    free: (address: number) => void kernel.release(address),
  };
  return allocator;
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
  allocator: { create: (parties) => shares(parties, spaceOf(parties).memory), attach: attachAllocator },
};

/** Messages of values, as structured clone copies them. */
export const numbers: Peer = {
  channel: { create: (shape) => createChannel(shape, "structured"), attach: attachNumbers },
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
