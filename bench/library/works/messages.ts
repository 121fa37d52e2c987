/**
 * Producers send numbers until the time is over; consumers take them all, and see that those of each
 * producer come in order.
 */
import { type ChannelShape, END, type Endpoint } from "../peer.js";
import { type Enlist, type Report, STOP } from "../work.js";

export const messages: Enlist = (peer, { handle, party, words, settings }) => {
  const shape = settings.shape!;
  const endpoint = peer.channel!.attach(handle as never);
  return party < shape.producers
    ? () => produce(endpoint, words, party, shape.producers)
    : () => consume(endpoint, shape);
};

function produce(endpoint: Endpoint, words: Int32Array, party: number, producers: number): Report {
  let operations = 0;
  while (Atomics.load(words, STOP) === 0) {
    endpoint.send!(operations * producers + party);
    operations++;
  }
  endpoint.close!();
  return { operations };
}

async function consume(endpoint: Endpoint, { producers }: ChannelShape): Promise<Report> {
  const last = Array.from({ length: producers }, () => END);
  let operations = 0;
  await endpoint.consume!((number) => {
    const producer = number % producers;
    if (!(number > last[producer]!)) throw new Error(`message ${number} came after ${last[producer]}`);
    last[producer] = number;
    operations++;
  });
  return { operations };
}
