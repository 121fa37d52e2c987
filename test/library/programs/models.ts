/** What the objects are to those who use them: sequential objects, or else invariants of their histories. */
import { byWorker, isLinearizable, type Model, type Operation, overlaps } from "./history.js";
import { PERMITS } from "./steps.js";

/** Of a lock: who writes, how many read, and the number that it protects. */
interface Lock {
  readonly writer: number | null;
  readonly readers: number;
  readonly value: number;
}

/** Another that has given up may have been promised what was free, and so kept others out. */
function mayBePromised(operation: Operation, history: readonly Operation[]): boolean {
  return history.some(
    (other) =>
      other.worker !== operation.worker &&
      (other.result === null || other.result === false) &&
      overlaps(operation, other),
  );
}

const lock: Model<Lock> = {
  start: { writer: null, readers: 0, value: 0 },
  step(state, operation, history) {
    const { worker, name, result } = operation;
    const { writer, readers, value } = state;
    const free = writer === null && readers === 0;
    if (result === null) return !free || mayBePromised(operation, history) ? state : undefined;
    switch (name) {
      case "lock":
        return free && result === value ? { ...state, writer: worker } : undefined;
      case "unlock":
        return writer === worker && result === value + 1 ? { writer: null, readers, value: value + 1 } : undefined;
      case "lockShared":
        return writer === null && result === value ? { ...state, readers: readers + 1 } : undefined;
      default:
        return result === value ? { ...state, readers: readers - 1 } : undefined;
    }
  },
};

const semaphore: Model<number> = {
  start: PERMITS,
  step(available, operation, history) {
    const { name, argument, result } = operation;
    if (name === "release") return available + argument;
    if (result) return available >= argument ? available - argument : undefined;
    return available < argument || mayBePromised(operation, history) ? available : undefined;
  },
};

const event: Model<boolean> = {
  start: false,
  step(isSet, { name, result }) {
    if (name === "set" || name === "reset") return name === "set";
    return result === isSet ? isSet : undefined;
  },
};

const stock: Model<number> = {
  start: 0,
  step(count, { name, result }) {
    if (name === "put") return count + 1;
    if (result) return count > 0 ? count - 1 : undefined;
    return count === 0 ? count : undefined;
  },
};

const counter: Model<number> = {
  start: 0,
  step(sum, { name, argument, result }) {
    if (name === "add") return sum + 1;
    return result === (name === "exact" ? sum : Math.sign(sum - argument) + 0) ? sum : undefined;
  },
};

const once: Model<boolean> = {
  start: false,
  step(done, { result }) {
    if (done !== (result === "found done")) return undefined;
    return done || result === "did";
  },
};

/** Messages that the channel holds: its capacity, by 16 bytes for a number. */
export const ROOM = 4;

const channel: Model<{ readonly queue: readonly number[]; readonly open: boolean }> = {
  start: { queue: [], open: true },
  step(state, { name, argument, result }) {
    const { queue, open } = state;
    if (name === "close") return result === open ? { queue, open: false } : undefined;
    if (name === "send") {
      if (result === "closed") return open ? undefined : state;
      if (!open) return undefined;
      if (result === "sent") return queue.length < ROOM ? { queue: [...queue, argument], open } : undefined;
      return queue.length === ROOM ? state : undefined;
    }
    if (result === undefined) return !open && queue.length === 0 ? state : undefined;
    if (result === null) return open && queue.length === 0 ? state : undefined;
    return queue[0] === result ? { queue: queue.slice(1), open } : undefined;
  },
};

type Check = (history: readonly Operation[]) => boolean;

const by =
  <State>(model: Model<State>): Check =>
  (history) =>
    isLinearizable(history, model);

const CHECKS: Readonly<Record<string, Check>> = {
  "mutex 0": by(lock),
  "mutex 1": by(lock),
  rwLock: by(lock),
  semaphore: by(semaphore),
  event: by(event),
  stock: by(stock),
  counter: by(counter),
  "once 0": by(once),
  "once 1": by(once),
  channel: by(channel),
};

/** What is wrong with a history, in words; nothing if it can be. */
export function wrongIn(history: readonly Operation[]): string[] {
  const of = (object: string) => history.filter((operation) => operation.object === object);
  const unexplained = Object.entries(CHECKS).filter(([object, explains]) => !explains(of(object)));
  return [
    ...unexplained.map(([object]) => `${object}: no order explains ${show(of(object))}`),
    ...wrongAtMeetings("barrier", of("barrier")),
    ...wrongAtMeetings("condition", of("condition")),
    ...wrongSnapshots(of("histogram")),
  ];
}

/** None goes on before all have come, and one of them is the last. */
function wrongAtMeetings(object: string, meetings: readonly Operation[]): string[] {
  const [first = [], ...rest] = byWorker(meetings);
  return first.flatMap((meeting, episode) => {
    const all = [meeting, ...rest.map((operations) => operations[episode]!)];
    const early = Math.min(...all.map(({ end }) => end)) < Math.max(...all.map(({ begin }) => begin));
    const last = all.filter(({ result }) => result).length;
    return early || last !== 1 ? [`${object}: ${early ? "some were early" : `${last} were last`} in ${show(all)}`] : [];
  });
}

/** A snapshot has all records that returned before it, and none that began after it. */
function wrongSnapshots(operations: readonly Operation[]): string[] {
  const records = operations.filter(({ name }) => name === "record");
  const wrong = operations.filter(({ name, result, begin, end }) => {
    if (name !== "snapshot") return false;
    const least = records.filter((record) => record.end < begin).length;
    const most = records.filter((record) => record.begin < end).length;
    return !(least <= Number(result) && Number(result) <= most);
  });
  return wrong.length > 0 ? [`histogram: wrong counts in ${show(operations)}`] : [];
}

/** By begin: when, who, what, and what came of it. */
export function show(history: readonly Operation[]): string {
  const lines = [...history]
    .sort((a, b) => a.begin - b.begin)
    .map(
      ({ worker, name, argument, result, begin, end }) =>
        `${begin}-${end} worker ${worker}: ${name}(${argument}) = ${result}`,
    );
  return `\n    ${lines.join("\n    ")}`;
}
