/**
 * The thread that repairs, in Node: it sees the lifelines of workers close. Started by the thread that makes spaces. Of a space it
 * knows nothing but by the workers that it watches: so a space is forgotten with the last of them.
 */
import { BroadcastChannel, MessageChannel, type MessagePort, parentPort, threadId } from "node:worker_threads";
import { repair } from "./guardian.js";
import { type Call, channelOf, type Trouble } from "./node.js";

/** By the names of their channels. */
const watched = new Set<string>();

new BroadcastChannel(channelOf(threadId)).onmessage = (event: unknown) => watch((event as { data: Call }).data);

function watch({ memory, incarnation, channel, answered }: Call): void {
  // It may have called several times before this thread ran.
  if (watched.has(channel)) return;
  const { port1, port2 } = new MessageChannel();
  if (!handOver(port2, channel)) {
    port1.close();
    return;
  }
  watched.add(channel);
  port1.once("close", () => {
    watched.delete(channel);
    repair(memory, incarnation, (trouble) => parentPort!.postMessage(trouble satisfies Trouble));
  });
  port1.unref();
  // Not before all who ended earlier have been seen: close events come between one turn of the event loop and the next.
  setImmediate(setImmediate, () => {
    Atomics.store(answered, 0, 1);
    Atomics.notify(answered, 0);
  });
}

/**
 * Sends a port to the one who listens to a channel; false if nobody does any more. With one listener Node can do that, but its
 * class takes no ports: so by the port that the class is made of.
 */
function handOver(port: MessagePort, name: string): boolean {
  const channel = new BroadcastChannel(name);
  const symbol = Object.getOwnPropertySymbols(channel).find(({ description }) => description === "kHandle");
  const handle: unknown = symbol && Reflect.get(channel, symbol);
  const isHanded = (handle as { postMessage(...message: unknown[]): unknown }).postMessage(port, [port]) === true;
  channel.close();
  return isHanded;
}
