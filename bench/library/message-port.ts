import { MessageChannel, type MessagePort } from "node:worker_threads";
import { CAPACITY, type ChannelShape, END, type Endpoint, type Peer, type Share } from "./peer.js";

/** What a party needs: a port to every party of the other side, and the credit of each. */
interface Handle {
  readonly bytes: number;
  readonly producer: boolean;
  readonly ports: readonly MessagePort[];
  /** One word a port: how many of its messages the consumer has taken, by half capacities. */
  readonly taken: readonly SharedArrayBuffer[];
}

/** Every producer sends to all consumers in turn: a port has one receiver. */
function create({ producers, consumers, bytes }: ChannelShape): Share[] {
  const parties = Array.from({ length: producers + consumers }, (_, party) => ({
    bytes,
    producer: party < producers,
    ports: [] as MessagePort[],
    taken: [] as SharedArrayBuffer[],
  }));
  for (let producer = 0; producer < producers; producer++) {
    for (let consumer = producers; consumer < producers + consumers; consumer++) {
      const { port1, port2 } = new MessageChannel();
      const taken = new SharedArrayBuffer(4);
      parties[producer]!.ports.push(port1);
      parties[consumer]!.ports.push(port2);
      parties[producer]!.taken.push(taken);
      parties[consumer]!.taken.push(taken);
    }
  }
  return parties.map((handle: Handle) => ({ handle, transfer: handle.ports }));
}

const HALF = CAPACITY / 2;

/** A port holds any number of messages: the producer stops at the capacity until half of them are taken. */
function produce({ ports, taken }: Handle, post: (port: MessagePort, number: number) => void): Endpoint {
  const credits = taken.map((buffer) => new Int32Array(buffer));
  const sent = ports.map(() => 0);
  let turn = 0;
  return {
    send(number) {
      turn = (turn + 1) % ports.length;
      const credit = credits[turn]!;
      for (;;) {
        const seen = Atomics.load(credit, 0);
        if (sent[turn]! - seen < CAPACITY) break;
        Atomics.wait(credit, 0, seen);
      }
      post(ports[turn]!, number);
      sent[turn]!++;
    },
    close() {
      for (const port of ports) post(port, END);
    },
  };
}

function consume<Message>({ ports, taken }: Handle, read: (message: Message) => number): Endpoint {
  return {
    consume: async (take) => {
      await Promise.all(
        ports.map(
          (port, i) =>
            new Promise<void>((resolve) => {
              const credit = new Int32Array(taken[i]!);
              let received = 0;
              port.on("message", (message: Message) => {
                const number = read(message);
                if (number === END) {
                  port.close();
                  resolve();
                  return;
                }
                take(number);
                if (++received % HALF === 0) {
                  Atomics.add(credit, 0, HALF);
                  Atomics.notify(credit, 0, 1);
                }
              });
            }),
        ),
      );
    },
  };
}

/** The message is a number: 8 bytes without an object around them. */
export const messagePortNumbers: Peer = {
  channel: {
    create,
    attach: (handle: Handle) =>
      handle.producer
        ? produce(handle, (port, number) => port.postMessage(number))
        : consume(handle, (message: number) => message),
  },
};

/** The message is an array of bytes, which is copied. */
export const messagePortBytes: Peer = {
  channel: {
    create,
    attach: (handle: Handle) => {
      const numbers = new Float64Array(handle.bytes / 8);
      const message = new Uint8Array(numbers.buffer);
      const post = (port: MessagePort, number: number) => {
        numbers[0] = number;
        port.postMessage(message);
      };
      const read = (received: Uint8Array) => new Float64Array(received.buffer, received.byteOffset, 1)[0]!;
      return handle.producer ? produce(handle, post) : consume(handle, read);
    },
  },
};
