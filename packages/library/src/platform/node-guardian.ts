/**
 * The thread that repairs, in Node: it sees the lifelines of workers close. Started by the thread that makes spaces. Of a space it
 * knows nothing but by the workers that it watches: so a space is forgotten with the last of them.
 */
import { BroadcastChannel, MessageChannel, type MessagePort, parentPort, threadId } from "node:worker_threads";
import { repair } from "./guardian.js";
import { type Call, channelOf, Reply, type Sent, type Trouble } from "./node.js";

/** By the names of their channels. */
const watched = new Set<string>();

new BroadcastChannel(channelOf(threadId)).onmessage = (event: unknown) => answer((event as { data: Call }).data);

// From who was told to send its lifeline itself.
process.on("workerMessage", ({ call, port }: Sent) => watch(call, port));

function answer(call: Call): void {
  // It may have called several times before this thread ran.
  if (watched.has(call.channel)) return;
  const { port1, port2 } = new MessageChannel();
  const isHanded = handOver(port2, call.channel);
  if (isHanded) watch(call, port1);
  else port1.close();
  if (isHanded === undefined) reply(call, Reply.SendPort);
}

function watch(call: Call, port: MessagePort): void {
  const { memory, incarnation, channel } = call;
  watched.add(channel);
  port.once("close", () => {
    watched.delete(channel);
    repair(memory, incarnation, (trouble) => parentPort!.postMessage(trouble satisfies Trouble));
  });
  port.unref();
  // Not before all who ended earlier have been seen: close events come between one turn of the event loop and the next.
  setImmediate(setImmediate, () => reply(call, Reply.Watched));
}

function reply({ answered }: Call, as: number): void {
  Atomics.store(answered, 0, as);
  Atomics.notify(answered, 0);
}

/**
 * Sends a port to the one who listens to a channel; false if nobody does any more. With one listener Node can do that, but its
 * class takes no ports: so by the port that the class is made of, a part that Node does not document. Undefined where it is
 * not as in the Nodes that this was tested on.
 */
function handOver(port: MessagePort, name: string): boolean | undefined {
  const channel = new BroadcastChannel(name);
  try {
    const symbol = Object.getOwnPropertySymbols(channel).find(({ description }) => description === "kHandle");
    const handle: unknown = symbol && Reflect.get(channel, symbol);
    const isHanded = (handle as { postMessage(...message: unknown[]): unknown }).postMessage(port, [port]);
    return typeof isHanded === "boolean" ? isHanded : undefined;
  } catch {
    return undefined;
  } finally {
    channel.close();
  }
}
