/** Steps with the life of objects: they are made, named, and freed. */
import {
  Barrier,
  Channel,
  Condition,
  Counter,
  Event,
  FreedError,
  Histogram,
  Mutex,
  named,
  Once,
  Semaphore,
  SharedBuffer,
  type SharedObject,
} from "#library/index.js";
import { NAMES, type Scene } from "../scene.js";
import type { Actor } from "./actor.js";

/** Makes an object of its own, uses it, and frees it. */
export async function own({ scene, me, random, pass, wrong }: Actor): Promise<void> {
  const { space } = scene.mutex;
  const objects: SharedObject[] = [];
  switch (random.below(7)) {
    case 0: {
      const mutex = new Mutex(space);
      objects.push(mutex);
      mutex.lock().unlock();
      break;
    }
    case 1: {
      const semaphore = new Semaphore(space, 1);
      objects.push(semaphore);
      (await semaphore.acquireAsync()).release();
      break;
    }
    case 2: {
      const channel = new Channel<number>(space, { capacity: 2 ** (6 + random.below(10)) });
      objects.push(channel);
      channel.send(me);
      if (channel.receive() !== me) wrong("a channel of its own: received what nobody sent");
      break;
    }
    case 3: {
      const buffer = new SharedBuffer(space, random.below(4) * 40_000);
      objects.push(buffer);
      const words = buffer.view(Int32Array);
      if (words.some((word) => word !== 0)) wrong("a buffer of its own is not zero");
      words.fill(me + 1);
      pass();
      if (words.some((word) => word !== me + 1)) wrong("a buffer of its own was written to");
      break;
    }
    case 4: {
      const barrier = new Barrier(space, 1);
      objects.push(barrier);
      if (!barrier.wait()) wrong("a barrier of its own: somebody else came last");
      barrier.leave();
      break;
    }
    case 5:
      objects.push(new Histogram(space), new Event(space), new Once(space), new Condition(space));
      (objects[0] as Histogram).record(1);
      break;
    default: {
      const counter = new Counter(space);
      objects.push(counter);
      counter.add(me);
      if (counter.exact() !== me) wrong("a counter of its own: another sum than it added");
    }
  }
  pass();
  for (const object of objects) object.free();
}

export function name({ scene, random, wrong }: Actor): void {
  const which = random.below(NAMES);
  const counter = named(scene.mutex.space, `counter ${which} of scene ${scene.number}`, Counter);
  counter.add();
  const { address } = counter.handle;
  const known = Atomics.compareExchange(scene.words.named, which, 0, address);
  if (known !== 0 && known !== address) wrong(`names: ${address} has the name that ${known} has`);
}

/** Locks a mutex of a name that others may free at the same time; who has it frees it now and then. */
export function borrow({ scene, random, pass, wrong }: Actor): void {
  const which = random.below(NAMES);
  const { borrowed } = scene.words;
  try {
    const mutex = named(scene.mutex.space, borrowedName(scene, which), Mutex);
    const token = mutex.lock();
    const { address } = mutex.handle;
    const other = Atomics.exchange(borrowed, which, address);
    if (other === address && !token.abandoned) wrong(`names: two hold the mutex at ${address}`);
    pass();
    Atomics.compareExchange(borrowed, which, address, 0);
    if (random.below(3) === 0) mutex.free();
    else token.unlock();
  } catch (error) {
    if (!(error instanceof FreedError)) throw error;
  }
}

export function borrowedName({ number }: Scene, which: number): string {
  return `borrowed ${which} of scene ${number}`;
}
