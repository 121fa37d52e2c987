/**
 * Its objects cross threads as arguments of its own `spawn` only. To run in the same threads as the others, they are
 * taken apart and put together with the symbols that `spawn` uses.
 */
import { availableParallelism } from "node:os";
import { CAPACITY, type ChannelShape, END, type Endpoint, type Lock, type Monitor, type Peer, shares } from "./peer.js";

/** It reads `navigator`, which Node has from 21 on. */
if (!("navigator" in globalThis)) {
  Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: availableParallelism() } });
}
const { channel, Condvar, Mutex, Receiver, Sender } = await import("multithreading");

type Class<T> = abstract new (...parameters: never[]) => T;

function takeApart(object: object): unknown {
  return (method(object, "Thread.Serialize").call(object) as unknown[])[0];
}

function putTogether<T>(of: Class<T>, parts: unknown): T {
  return method(of, "Thread.Deserialize").call(of, parts) as T;
}

/** The method under the symbol of this description, of the object itself or of what it inherits from. */
function method(object: object, description: string): (...parameters: unknown[]) => unknown {
  for (let from: object | null = object; from; from = Object.getPrototypeOf(from)) {
    const symbol = Object.getOwnPropertySymbols(from).find((candidate) => candidate.description === description);
    if (symbol) return (from as Record<symbol, () => unknown>)[symbol]!;
  }
  throw new Error(`Cannot share objects of multithreading: received no symbol ${description}`);
}

type Guard = ReturnType<InstanceType<typeof Mutex>["blockingLock"]>;

function attachLock(parts: unknown): Lock {
  const mutex = putTogether(Mutex, parts);
  let guard: Guard;
  return {
    acquire: () => {
      guard = mutex.blockingLock();
    },
    release: () => guard[Symbol.dispose](),
  };
}

function attachMonitor({ mutex: mutexParts, condition: conditionParts }: Record<string, unknown>): Monitor {
  const mutex = putTogether(Mutex, mutexParts);
  const condition = putTogether(Condvar, conditionParts);
  let guard: Guard;
  return {
    acquire: () => {
      guard = mutex.blockingLock();
    },
    release: () => guard[Symbol.dispose](),
    wait: () => condition.blockingWait(guard),
    notify: () => condition.notifyOne(),
  };
}

/** Messages are JSON: a number where 8 bytes do, a string of as many characters otherwise. */
function createChannel({ producers, consumers, bytes }: ChannelShape) {
  const [sender, receiver] = channel<number | string>(CAPACITY, { size: BUFFER });
  const ends = [
    ...Array.from({ length: producers }, (_, i) => (i === 0 ? sender : sender.clone())),
    ...Array.from({ length: consumers }, (_, i) => (i === 0 ? receiver : receiver.clone())),
  ];
  return ends.map((end, party) => ({ handle: { bytes, producer: party < producers, parts: takeApart(end) } }));
}

/** Bytes of the channel's buffer: ten times what its messages take. */
const BUFFER = 16 * 1024 * 1024;

function attachChannel({ bytes, producer, parts }: { bytes: number; producer: boolean; parts: unknown }): Endpoint {
  if (producer) {
    const sender = putTogether(Sender<number | string>, parts);
    const send = (number: number) => {
      const { ok } = sender.blockingSend(bytes === 8 ? number : String(number).padEnd(bytes));
      if (!ok) throw new Error("blockingSend did not send");
    };
    return { send, close: () => send(END) };
  }
  const receiver = putTogether(Receiver<number | string>, parts);
  return {
    consume(take) {
      for (;;) {
        const result = receiver.blockingRecv();
        if (!result.ok) throw new Error(`blockingRecv: ${result.error.message}`);
        const number = Number(result.value);
        if (number === END) return;
        take(number);
      }
    },
  };
}

export const multithreading: Peer = {
  pair: () => {
    const mutex = new Mutex();
    return () => {
      const guard = mutex.blockingLock();
      guard[Symbol.dispose]();
    };
  },
  awaitedPairs: () => {
    const mutex = new Mutex();
    return async (pairs) => {
      for (let i = 0; i < pairs; i++) {
        const guard = await mutex.lock();
        guard[Symbol.dispose]();
      }
    };
  },
  lock: { create: (parties) => shares(parties, takeApart(new Mutex())), attach: attachLock },
  monitor: {
    create: (parties) => shares(parties, { mutex: takeApart(new Mutex()), condition: takeApart(new Condvar()) }),
    attach: attachMonitor,
  },
  channel: { create: createChannel, attach: attachChannel },
};
