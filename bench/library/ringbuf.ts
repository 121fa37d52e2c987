import { RingBuffer } from "ringbuf.js";
import { CAPACITY, type ChannelShape, END, type Endpoint, type Peer, shares } from "./peer.js";

interface Handle {
  readonly storage: SharedArrayBuffer;
  readonly bytes: number;
}

function create({ producers, consumers, bytes }: ChannelShape) {
  const storage = RingBuffer.getStorageForCapacity(CAPACITY * (bytes / 8), Float64Array);
  return shares(producers + consumers, { storage, bytes } satisfies Handle);
}

/** It has no way to wait: whoever finds it full or empty looks again. */
function attach({ storage, bytes }: Handle): Endpoint {
  const ring = new RingBuffer(storage, Float64Array);
  const message = new Float64Array(bytes / 8);
  const send = (number: number) => {
    message[0] = number;
    while (ring.availableWrite() < message.length);
    ring.push(message);
  };
  return {
    send,
    close: () => send(END),
    consume(take) {
      for (;;) {
        while (ring.availableRead() < message.length);
        ring.pop(message);
        if (message[0] === END) return;
        take(message[0]!);
      }
    },
  };
}

/** One producer and one consumer. */
export const ringbuf: Peer = { channel: { create, attach } };
