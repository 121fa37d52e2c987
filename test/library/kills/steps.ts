/**
 * What workers do, one step after the other: each uses one kind of object, by a form and with a patience taken at random,
 * mends what a dead worker left half done, and says what must not be. What a worker begins it notes before, and what is
 * done it notes after: of the dead nobody knows what they did between.
 */
import {
  AbandonedError,
  Barrier,
  type BarrierParty,
  Channel,
  Condition,
  Counter,
  Event,
  Histogram,
  Mutex,
  Once,
  type Permit,
  Semaphore,
  SharedBuffer,
  type SharedObject,
  type UnlockToken,
} from "#dist/library/index.js";
import type { Random } from "#dist/machines/random.js";
import {
  type ChannelName,
  LOCKS,
  type LockName,
  type Message,
  MOST_SENT,
  NAMES,
  PERMITS,
  type Scene,
} from "./scene.js";

export interface Actor {
  readonly scene: Scene;
  /** Its number. */
  readonly me: number;
  /** Whether it is to die: then it may wait for ever. */
  readonly isMortal: boolean;
  /** Whether it waits for as long as it takes, or only victims who do not, now and then; see drills.ts. */
  readonly isDrilled: boolean;
  readonly random: Random;
  /** How many live: the words of those who stand still, or are dead, say nothing. */
  readonly stands: (worker: number) => boolean;
  /** The program's own code is here. */
  readonly pass: () => void;
  /** What it found that must not be. */
  readonly wrong: (what: string) => void;
  /** Of the messages of each sender, the last that it received. */
  readonly heard: Readonly<Record<ChannelName, Map<number, number>>>;
}

type Waiting = { readonly signal?: AbortSignal };
const FOR_EVER = Number.POSITIVE_INFINITY;

function pick<T>(random: Random, ...choices: readonly T[]): T {
  return choices[random.below(choices.length)]!;
}

/** Whether it waits now until it has what it waits for. */
function endures({ isDrilled, isMortal, random }: Actor): boolean {
  return isDrilled && (!isMortal || random.below(2) === 0);
}

/** What others may never give is not waited for so long. */
function atMost({ isDrilled }: Actor, milliseconds: number, most: number): number {
  return isDrilled ? milliseconds : Math.min(milliseconds, most);
}

/** Waits in a form taken at random. Null: the time was over, or it was aborted. */
async function wait<T>(
  actor: Actor,
  blocking: (milliseconds: number) => T | null,
  without: (milliseconds: number, options: Waiting) => Promise<T | null>,
): Promise<T | null> {
  const { random } = actor;
  const isPatient = endures(actor);
  const milliseconds = isPatient ? FOR_EVER : pick(random, 0, 0, 1, 3, FOR_EVER);
  const form = random.below(isPatient ? 3 : 4);
  if (form < 2) return blocking(milliseconds);
  const controller = new AbortController();
  const timer = form === 3 && setTimeout(() => controller.abort("changed my mind"), random.below(3));
  try {
    return await without(milliseconds, form === 3 ? { signal: controller.signal } : {});
  } catch (error) {
    if (error === "changed my mind" || (error as Error).name === "TimeoutError") return null;
    throw error;
  } finally {
    if (timer) clearTimeout(timer);
  }
}

/** The token that holds the lock, also where that is told by an error. */
function told(error: unknown): UnlockToken {
  if (error instanceof AbandonedError) return error.token;
  throw error;
}

async function lock(actor: Actor, name: LockName): Promise<void> {
  const { scene } = actor;
  const token = await wait<UnlockToken>(
    actor,
    (milliseconds) => scene[name].lockIfAvailable(milliseconds),
    (milliseconds, options) => scene[name].lockIfAvailableAsync(milliseconds, options),
  ).catch(told);
  if (token) inside(actor, name, token);
}

/** Adds 1 to both copies of what a lock protects, and unlocks. */
function inside({ scene, me, pass, wrong }: Actor, name: LockName, token: UnlockToken): void {
  const { copies, inside, abandoned, done } = scene.words.locks[name];
  const other = Atomics.exchange(inside, 0, me + 1);
  if (token.abandoned) abandoned[0]!++;
  else if (other !== 0) wrong(`${name}: worker ${other - 1} was inside`);
  else if (copies[0] !== copies[1]) wrong(`${name}: what it protects is torn, but was not abandoned`);
  copies[1] = copies[0]!;
  copies[0]!++;
  pass();
  copies[1]!++;
  done[me]!++;
  Atomics.store(inside, 0, 0);
  token.unlock();
}

/** By each lock: blocks so many milliseconds at most. */
export const LOCK_STEPS = LOCKS.map((name) => (actor: Actor, milliseconds: number): void => {
  let token: UnlockToken | null;
  try {
    token = actor.scene[name].lockIfAvailable(milliseconds);
  } catch (error) {
    token = told(error);
  }
  if (token) inside(actor, name, token);
});

async function read(actor: Actor): Promise<void> {
  const { rwLock, words } = actor.scene;
  const { copies, inside } = words.locks.rwLock;
  const token = await wait<UnlockToken>(
    actor,
    (milliseconds) => rwLock.lockSharedIfAvailable(milliseconds),
    (milliseconds, options) => rwLock.lockSharedIfAvailableAsync(milliseconds, options),
  );
  if (!token) return;
  for (let look = 0; look < 2 && !token.abandoned; look++) {
    if (inside[0] !== 0) actor.wrong(`rwLock: worker ${inside[0]! - 1} writes while others read`);
    if (copies[0] !== copies[1]) actor.wrong("rwLock: what it protects is torn, but was not abandoned");
    actor.pass();
  }
  token.unlock();
}

async function permits(actor: Actor): Promise<void> {
  const { scene, me, random, stands, pass, wrong } = actor;
  const { semaphore, words } = scene;
  const most = 1 + random.below(PERMITS);
  const permit = await wait<Permit>(
    actor,
    (milliseconds) => semaphore.acquireIfAvailable(milliseconds, most),
    (milliseconds, options) => semaphore.acquireIfAvailableAsync(milliseconds, most, options),
  );
  if (!permit) return;
  Atomics.add(words.permits, me, most);
  let all = 0;
  for (let worker = 0; worker < words.permits.length; worker++) {
    if (!stands(worker)) all += Atomics.load(words.permits, worker);
  }
  if (all > PERMITS) wrong(`semaphore: ${all} of ${PERMITS} permits are held: ${words.permits}`);
  pass();
  if (random.below(2) === 0) await lock(actor, pick(random, "mutex", "rwLock"));
  Atomics.sub(words.permits, me, most);
  permit.release();
}

function signal({ scene, me, random }: Actor): void {
  const { signals, words } = scene;
  const signalled = 1 + random.below(2);
  words.adding[me]! += signalled;
  signals.add(signalled);
  words.added[me]! += signalled;
}

async function receiveSignal(actor: Actor): Promise<void> {
  const { scene, me } = actor;
  const { signals, words } = scene;
  words.taking[me]!++;
  const permit = await wait<Permit>(
    actor,
    (milliseconds) => signals.acquireIfAvailable(atMost(actor, milliseconds, 5)),
    (milliseconds, options) => signals.acquireIfAvailableAsync(atMost(actor, milliseconds, 5), 1, options),
  );
  if (!permit) {
    words.taking[me]!--;
    return;
  }
  permit.consume();
  words.taken[me]!++;
}

/** Locks the monitor, and mends what it protects. */
async function enter({ scene, random }: Actor): Promise<UnlockToken> {
  const { monitor, words } = scene;
  const token = random.below(2) === 0 ? monitor.mutex.lock() : await monitor.mutex.lockAsync();
  mend(scene, token, words.stock);
  return token;
}

/** Who died may have put something there, and not have said so. */
export function mend({ monitor }: Scene, token: UnlockToken, stock: Int32Array): void {
  if (!token.abandoned) return;
  stock[1] = stock[0]!;
  monitor.filled.notify();
}

async function put(actor: Actor): Promise<void> {
  const { scene, me, pass, wrong, random } = actor;
  const { stock, putting, put: done } = scene.words;
  const token = await enter(actor);
  putting[me]!++;
  if (stock[0] !== stock[1]) wrong("monitor: the stock is torn");
  stock[0]!++;
  pass();
  stock[1] = stock[0]!;
  scene.monitor.filled.notify(random.below(4) === 0 ? undefined : 1);
  done[me]!++;
  token.unlock();
}

/** Puts one there, if the monitor is to be had soon. */
export function give({ scene, me }: Actor): void {
  const { monitor, words } = scene;
  const token = monitor.mutex.lockIfAvailable(1000);
  if (token === null) return;
  mend(scene, token, words.stock);
  words.putting[me]!++;
  words.stock[0]!++;
  words.stock[1]!++;
  monitor.filled.notify(1);
  words.put[me]!++;
  token.unlock();
}

async function get(actor: Actor): Promise<void> {
  const { scene, me, pass, wrong, random } = actor;
  const { filled } = scene.monitor;
  const { stock, closed, getting, got } = scene.words;
  const token = await enter(actor);
  const ready = () => {
    mend(scene, token, stock);
    return stock[0]! > 0 || closed[0] !== 0;
  };
  const isPatient = endures(actor);
  const milliseconds = isPatient ? FOR_EVER : pick(random, 0, 1, 3, FOR_EVER);
  let is = ready();
  if (!is) {
    if (random.below(2) === 0) is = filled.waitFor(token, milliseconds, ready);
    else {
      const aborts = !isPatient && random.below(2) === 0;
      const options = aborts ? { signal: AbortSignal.timeout(1 + random.below(3)) } : {};
      is = await filled.waitForAsync(token, milliseconds, ready, options).catch((error: Error) => {
        if (error.name !== "TimeoutError") throw error;
        return ready();
      });
    }
  }
  if (is && stock[0]! > 0) {
    if (stock[0] !== stock[1] && !token.abandoned) wrong("monitor: the stock is torn");
    getting[me]!++;
    stock[0]!--;
    pass();
    stock[1] = stock[0]!;
    got[me]!++;
  }
  token.unlock();
}

async function happen(actor: Actor): Promise<void> {
  const { event } = actor.scene;
  switch (actor.random.below(5)) {
    case 0:
    case 1:
      return event.set();
    case 2:
      return event.reset();
  }
  await wait<boolean>(
    actor,
    (milliseconds) => event.wait(milliseconds),
    async (timeout, options) => {
      await event.waitAsync({ timeout, ...options });
      return true;
    },
  );
}

async function once({ scene, me, random, stands, pass, wrong }: Actor): Promise<void> {
  const which = random.below(2) as 0 | 1;
  const { worked } = scene.words;
  const work = () => {
    const before = Atomics.load(worked, which) - 1;
    if (before >= 0 && !stands(before)) wrong(`once: worker ${before} has done it`);
    pass();
    if (random.below(3) === 0) throw new Error("not yet");
    Atomics.store(worked, which, me + 1);
  };
  try {
    if (random.below(2) === 0) scene.onces[which].call(work);
    else await scene.onces[which].callAsync(work);
    if (Atomics.load(worked, which) === 0) wrong("once: nobody has done it");
  } catch (error) {
    if ((error as Error).message !== "not yet") throw error;
  }
}

function count({ scene, me, random, wrong }: Actor): void {
  const { counter, histogram, words } = scene;
  words.counting[me]!++;
  counter.add();
  words.counted[me]!++;
  words.recording[me]!++;
  histogram.record(random.below(100_000));
  words.recorded[me]!++;
  if (random.below(8) === 0 && counter.exact() < words.counted[me]!) wrong("counter: less than this worker added");
  if (random.below(8) === 0 && counter.compare(0) < 1) wrong("counter: not more than 0");
  if (random.below(8) === 0) counter.approximate();
  if (random.below(16) === 0 && histogram.snapshot().count < words.recorded[me]!)
    wrong("histogram: records are missing");
}

async function send(actor: Actor, name: ChannelName): Promise<void> {
  const { scene, me, random } = actor;
  const { begun, sent } = scene.words.channels[name];
  const number = sent[me]!;
  if (number === MOST_SENT) return;
  const length = random.below(40);
  begun[me] = number + 1;
  const value: Message = { from: me, number, text: "x".repeat(length) };
  const words = new Int32Array(2 + length).fill(number);
  words[0] = me;
  const isSent = await wait<boolean>(
    actor,
    (milliseconds) =>
      name === "values"
        ? scene.values.sendIfAvailable(value, milliseconds)
        : scene.bytes.sendIfAvailable(new Uint8Array(words.buffer), milliseconds),
    async (timeout, options) => {
      if (name === "values") await scene.values.sendAsync(value, { timeout, ...options });
      else await scene.bytes.sendAsync(new Uint8Array(words.buffer), { timeout, ...options });
      return true;
    },
  );
  if (isSent) sent[me] = number + 1;
  else begun[me] = number;
}

async function receive(actor: Actor, name: ChannelName): Promise<void> {
  const { scene, me, random, isMortal } = actor;
  const { receiving } = scene.words.channels[name];
  receiving[me] = 1;
  if (name === "bytes" && isMortal && random.below(4) === 0 && scene.bytes.used > 0) refuse(actor);
  const message = await wait<Message | Uint8Array | undefined>(
    actor,
    (milliseconds) =>
      scene[name].receiveIfAvailable(atMost(actor, milliseconds, 20)) as Message | Uint8Array | undefined,
    (timeout, options) => scene[name].receiveAsync({ timeout: atMost(actor, timeout, 20), ...options }),
  );
  if (message) note(actor, name, message);
  receiving[me] = 0;
}

/** Receives into too little, so that a message that is there stays. */
function refuse({ scene, wrong }: Actor): void {
  try {
    // Others may be faster: then it waits.
    if (scene.bytes.receiveInto(new Uint8Array(4)) !== undefined) wrong("bytes: received more than there is room for");
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}

/** Notes what was received, which must be whole, for the first time and in its sender's order. */
export function note(
  { scene, wrong, heard }: Pick<Actor, "scene" | "wrong" | "heard">,
  name: ChannelName,
  message: Message | Uint8Array,
): void {
  let from: number;
  let number: number;
  if (message instanceof Uint8Array) {
    const [sender, first, ...rest] = new Int32Array(message.buffer);
    from = sender!;
    number = first!;
    if (rest.some((word) => word !== number))
      wrong(`bytes: received a torn message of worker ${from}: ${first}, ${rest}`);
  } else {
    ({ from, number } = message);
    if (!/^x*$/.test(message.text)) wrong(`values: received a torn message: ${JSON.stringify(message)}`);
  }
  const times = Atomics.add(scene.words.channels[name].received, from * MOST_SENT + number, 1);
  if (times !== 0) wrong(`${name}: received message ${number} of worker ${from} ${times + 1} times`);
  const last = heard[name].get(from) ?? -1;
  if (number <= last) wrong(`${name}: received message ${number} of worker ${from} after ${last}`);
  heard[name].set(from, number);
}

/** Makes an object of its own, uses it, and frees it. */
async function own({ scene, me, random, pass, wrong }: Actor): Promise<void> {
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

function name({ scene, random, wrong }: Actor): void {
  const which = random.below(NAMES);
  const counter = scene.mutex.space.named(`counter ${which} of scene ${scene.number}`, Counter);
  counter.add();
  const { address } = counter.handle;
  const known = Atomics.compareExchange(scene.words.named, which, 0, address);
  if (known !== 0 && known !== address) wrong(`names: ${address} has the name that ${known} has`);
}

/** Two at once, neither of which blocks. */
async function both(actor: Actor): Promise<void> {
  const name = pick(actor.random, ...LOCKS);
  const lock = async () => {
    const token = await actor.scene[name].lockAsync().catch(told);
    inside(actor, name, token);
  };
  await Promise.all([lock(), lock()]);
}

/** At the barrier of all, where each arrives once in an episode; those who live to the end leave after so many. */
export async function meet(
  { scene, me, random, wrong }: Actor,
  party: BarrierParty,
  { survivors, meetings }: { readonly survivors: readonly number[]; readonly meetings: number },
): Promise<void> {
  const { words } = scene;
  const episode = Atomics.add(words.arrivals, me, 1) + 1;
  if (random.below(4) === 0) party.arrive();
  const led = random.below(2) === 0 ? party.wait() : await party.waitAsync();
  if (led && Atomics.add(words.led, episode, 1) !== 0) wrong(`barrier: two came last in episode ${episode}`);
  for (const worker of survivors) {
    const arrived = Atomics.load(words.arrivals, worker);
    if (arrived < Math.min(episode, meetings))
      wrong(`barrier: worker ${me} went on in episode ${episode}, worker ${worker} has arrived ${arrived} times`);
  }
}

export type Step = (actor: Actor) => void | Promise<void>;

/** All kinds of steps; as often as they are named here. */
export const STEPS: readonly (readonly [string, Step])[] = [
  ...LOCKS.map((name) => [`lock ${name}`, (actor: Actor) => lock(actor, name)] as const),
  ["read", read],
  ["permits", permits],
  ["permits", permits],
  ["signal", signal],
  ["receive a signal", receiveSignal],
  ["put", put],
  ["get", get],
  ["event", happen],
  ["once", once],
  ["count", count],
  ["send values", (actor) => send(actor, "values")],
  ["receive values", (actor) => receive(actor, "values")],
  ["send bytes", (actor) => send(actor, "bytes")],
  ["receive bytes", (actor) => receive(actor, "bytes")],
  ["own", own],
  ["name", name],
  ["both", both],
];

/** Behind those of STEPS. */
export const ATTACHES = STEPS.length;
export const MEETS = STEPS.length + 1;
export const CLOSES = STEPS.length + 2;
export const STEP_NAMES = [...STEPS.map(([name]) => name), "attach", "meet", "close"];
