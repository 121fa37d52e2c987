import type {
  Barrier,
  Channel,
  Condition,
  Counter,
  Event,
  Histogram,
  Mutex,
  Once,
  RwLock,
  Semaphore,
  SharedObject,
  UnlockToken,
} from "#library/index.js";
import type { InWorker } from "../in-worker.js";
import type { Operation } from "./history.js";
import type { Program, Step } from "./steps.js";

/** What a program works on, made for it. */
export interface Scene {
  readonly mutexes: readonly [Mutex, Mutex];
  readonly rwLock: RwLock;
  readonly semaphore: Semaphore;
  readonly barrier: Barrier;
  readonly event: Event;
  readonly onces: readonly [Once, Once];
  readonly counter: Counter;
  readonly histogram: Histogram;
  readonly channel: Channel<number>;
  /** Protects the stock, and the number of those who have come to a meeting. */
  readonly monitor: { readonly mutex: Mutex; readonly filled: Condition; readonly met: Condition };
  readonly words: Words;
}

/** One word each. Plain but for the clock and the gate, as what they are protected by is to make that right. */
export interface Words {
  /** Counts the begins and ends of all operations. */
  readonly clock: Int32Array;
  /** How many workers are ready to begin. */
  readonly gate: Int32Array;
  /** Under each lock: how often it was locked for writing. */
  readonly mutexes: readonly [Int32Array, Int32Array];
  readonly rwLock: Int32Array;
  readonly stock: Int32Array;
  readonly come: Int32Array;
  /** How often the work of each Once was done, or tried. */
  readonly onces: readonly [Int32Array, Int32Array];
}

type Of<Kind extends Step["kind"]> = Extract<Step, { readonly kind: Kind }>;

export interface Part {
  readonly scene: Scene;
  readonly program: Program;
  readonly worker: number;
}

/** Body of a worker that plays its part of one program after the other, and says the history of each. */
export function play({ library, say, hear }: InWorker<unknown>): void {
  async function playPart({ scene, program, worker }: Part): Promise<Operation[]> {
    const { words, channel, counter, event, histogram, monitor } = scene;
    const history: Operation[] = [];
    let sent = 0;

    async function record<Result>(object: string, name: string, call: () => Result | Promise<Result>, argument = 0) {
      const begin = Atomics.add(words.clock, 0, 1);
      const result = await call();
      history.push({ worker, object, name, argument, result, begin, end: Atomics.add(words.clock, 0, 1) });
    }

    /** What the form that does not block would return if it did not throw. */
    async function unless<Result, Vain>(promise: Promise<Result>, vain: Vain): Promise<Result | Vain> {
      return promise.catch((error: Error) => {
        if (error.name === "TimeoutError") return vain;
        throw error;
      });
    }

    async function holdPermits({ async, timeout, permits, consume, within }: Of<"permits">): Promise<void> {
      const { semaphore } = scene;
      let permit = null as ReturnType<Semaphore["acquireIfAvailable"]>;
      const acquire = async () => {
        permit = async
          ? await semaphore.acquireIfAvailableAsync(timeout, permits)
          : semaphore.acquireIfAvailable(timeout, permits);
        return permit !== null;
      };
      await record("semaphore", "acquire", acquire, permits);
      if (!permit) return;
      await doAll(within);
      // What is given away is added again, so that nobody waits for it for ever.
      if (consume) permit.consume();
      const release = () => (consume ? semaphore.add(permits) : void permit!.release());
      await record("semaphore", "release", release, permits);
    }

    async function holdLock(step: Of<"lock" | "write" | "read">): Promise<void> {
      const { kind, async, timeout } = step;
      const { rwLock } = scene;
      const [object, lock, word] =
        kind === "lock"
          ? [`mutex ${step.mutex}`, scene.mutexes[step.mutex], words.mutexes[step.mutex]]
          : ["rwLock", rwLock, words.rwLock];
      const shared = kind === "read";
      let token = null as ReturnType<Mutex["lockIfAvailable"]>;
      let value = 0;
      await record(object, shared ? "lockShared" : "lock", async () => {
        if (shared) {
          token = async ? await rwLock.lockSharedIfAvailableAsync(timeout) : rwLock.lockSharedIfAvailable(timeout);
        } else {
          token = async ? await lock.lockIfAvailableAsync(timeout) : lock.lockIfAvailable(timeout);
        }
        value = word[0]!;
        return token && value;
      });
      if (!token) return;
      await doAll(step.within);
      if (!shared) word[0] = value + 1;
      await record(object, shared ? "unlockShared" : "unlock", () => {
        const last = word[0]!;
        token!.unlock();
        return last;
      });
    }

    async function locked(work: (token: UnlockToken) => unknown): Promise<void> {
      const token = monitor.mutex.lock();
      await work(token);
      token.unlock();
    }

    async function put(): Promise<void> {
      await locked(() => {
        words.stock[0]!++;
        monitor.filled.notify(1);
      });
    }

    async function take(async: boolean, timeout: number): Promise<boolean> {
      let taken = false;
      await locked(async (token) => {
        const filled = () => words.stock[0]! > 0;
        taken = async
          ? await monitor.filled.waitForAsync(token, timeout, filled)
          : monitor.filled.waitFor(token, timeout, filled);
        if (taken) words.stock[0]!--;
      });
      return taken;
    }

    async function meet(at: "barrier" | "condition"): Promise<boolean> {
      if (at === "barrier") {
        if (worker === 2) scene.barrier.arrive();
        return worker % 2 === 0 ? scene.barrier.wait() : scene.barrier.waitAsync();
      }
      let last = false;
      await locked(async (token) => {
        const episode = Math.ceil(++words.come[0]! / program.length);
        last = words.come[0] === episode * program.length;
        if (last) monitor.met.notify();
        while (words.come[0]! < episode * program.length) {
          if (worker % 2 === 0) monitor.met.wait(token);
          else await monitor.met.waitAsync(token);
        }
      });
      return last;
    }

    async function call(once: 0 | 1, throws: boolean, async: boolean): Promise<string> {
      const work = () => {
        words.onces[once][0]!++;
        if (throws) throw new Error("on purpose");
      };
      try {
        const mine = async ? await scene.onces[once].callAsync(work) : scene.onces[once].call(work);
        return mine ? "did" : "found done";
      } catch (error) {
        if ((error as Error).message !== "on purpose") throw error;
        return "threw";
      }
    }

    async function send(async: boolean, timeout: number, value: number): Promise<string> {
      try {
        const whether = async
          ? await unless(
              channel.sendAsync(value, { timeout }).then(() => true),
              false,
            )
          : channel.sendIfAvailable(value, timeout);
        return whether ? "sent" : "no room";
      } catch (error) {
        if (error instanceof library.ChannelClosedError) return "closed";
        throw error;
      }
    }

    async function perform(step: Step): Promise<void> {
      switch (step.kind) {
        case "permits":
          return holdPermits(step);
        case "lock":
        case "write":
        case "read":
          return holdLock(step);
        case "wait":
          return record("event", "wait", () =>
            step.async
              ? unless(
                  event.waitAsync({ timeout: step.timeout }).then(() => true),
                  false,
                )
              : event.wait(step.timeout),
          );
        case "set":
          return record("event", "set", () => event.set());
        case "reset":
          return record("event", "reset", () => event.reset());
        case "isSet":
          return record("event", "isSet", () => event.isSet);
        case "put":
          return record("stock", "put", put);
        case "take":
          return record("stock", "take", () => take(step.async, step.timeout));
        case "add":
          return record("counter", "add", () => counter.add());
        case "exact":
          return record("counter", "exact", () => counter.exact());
        case "compare":
          return record("counter", "compare", () => counter.compare(step.limit), step.limit);
        case "record":
          return record("histogram", "record", () => histogram.record(step.value), step.value);
        case "snapshot":
          return record("histogram", "snapshot", () => histogram.snapshot().count);
        case "call":
          return record(`once ${step.once}`, "call", () => call(step.once, step.throws, step.async));
        case "send": {
          const value = 1000 * worker + sent++;
          return record("channel", "send", () => send(step.async, step.timeout, value), value);
        }
        case "receive":
          return record("channel", "receive", () =>
            step.async
              ? unless(channel.receiveAsync({ timeout: step.timeout }), null)
              : channel.receiveIfAvailable(step.timeout),
          );
        case "close":
          return record("channel", "close", () => channel.close());
        case "meet":
          return record(step.at, "meet", () => meet(step.at));
      }
    }

    async function doAll(steps: readonly Step[]): Promise<void> {
      for (const step of steps) await perform(step);
    }

    /** What none may have to wait for in vain: one sets and sends more than there is room for, the others wait without a timeout. */
    async function finish(): Promise<void> {
      const timeout = Number.POSITIVE_INFINITY;
      if (worker === 0) {
        await perform({ kind: "set" });
        for (let i = 0; i < 6; i++) await perform({ kind: "send", async: i % 2 === 1, timeout });
        await perform({ kind: "close" });
      } else await perform({ kind: "wait", async: worker === 1, timeout });
      do await perform({ kind: "receive", async: history.length % 2 === 1, timeout });
      while (history.at(-1)!.result !== undefined);
    }

    Atomics.add(words.gate, 0, 1);
    Atomics.notify(words.gate, 0);
    for (let ready = 0; ready < program.length; ready = Atomics.load(words.gate, 0)) {
      Atomics.wait(words.gate, 0, ready);
    }

    await doAll(program[worker]!);
    await perform({ kind: "meet", at: "barrier" });
    await finish();
    scene.barrier.leave();
    return history;
  }

  hear((part: Part) => {
    playPart(part).then(say, (error: Error) => say(`${error.stack}`));
  });
}

/** All objects of a scene. */
export function objectsOf({ words: _, ...scene }: Scene): SharedObject[] {
  const within = (value: unknown): SharedObject[] =>
    "handle" in (value as object) ? [value as SharedObject] : Object.values(value as object).flatMap(within);
  return within(scene);
}
