/** Waiting for the first of several channels; kernel/library/doorbell.ts says how a worker sleeps then. */
import { mustBeA, mustBeOptions, mustBeTime, wrong } from "./arguments.js";
import { Channel } from "./channel.js";
import { ForeignHandleError } from "./errors.js";
import { ASYNCHRONOUS, NOW, WAIT } from "./kernel.js";
import { waitAsync } from "./lines.js";
import type { SharedSpace } from "./space.js";
import {
  type Attempt,
  inside,
  TIMED_OUT,
  timeoutError,
  type WaitOptions,
  waitForSeveral,
  waitOptions,
} from "./waiting.js";

/** So that no selection waits for another, which may be of other channels. */
let asked = 0;

/** What may be done: to receive from a channel, or to send a value to it. */
// biome-ignore lint/suspicious/noExplicitAny: of whatever the channel is; each case has its own
export type SelectCase = { readonly receive: Channel<any> } | { readonly send: Channel<any>; readonly value: unknown };

/** What was done: the index of the case and, if it was to receive, the message. */
export type Selected<Cases extends readonly SelectCase[]> = {
  [I in keyof Cases]: {
    readonly index: I extends `${infer Index extends number}` ? Index : number;
    readonly message: Cases[I] extends { readonly receive: Channel<infer T> } ? T | undefined : undefined;
  };
}[number];

const SELECT = "select";
const CASE = "{ receive: channel } or { send: channel, value }";

/** How many selections this worker has begun: each begins to look at another case. */
let selections = 0;

/**
 * Does the first of several cases that can be done: receives from a channel that has a message, or sends to one that
 * has room. Blocks until one can be done. Exactly one is done. If several can be done, they take turns: each call looks
 * first at the case after the one that this worker's call before looked at first.
 *
 * A closed and empty channel can be received from: the message is undefined. Sending to a closed channel throws. The
 * values of all cases to send are copied, and their getters called, before anything is done.
 *
 * All channels must be of one space. While a worker waits here, every message sent to or received from one of its
 * channels wakes all workers of the space that wait in a selection; they look again.
 *
 * See docs/library/channel.md.
 *
 * @throws {TypeError} if there is no case, or a case is malformed
 * @throws {ForeignHandleError} if the channels are of several spaces
 * @throws {ChannelClosedError} if the first case that can be done is to send to a closed channel
 * @throws as `send` and `receive` of Channel
 * @example
 * ```ts
 * import { Channel, select, selectAsync, selectIfAvailable, SharedSpace } from "landspout";
 *
 * const space = new SharedSpace();
 * const [jobs, stop] = [new Channel<number>(space), new Channel(space)];
 * console.log(selectIfAvailable([{ receive: jobs }, { receive: stop }], 10)); // null
 * console.log(select([{ send: jobs, value: 1 }, { receive: stop }]).index); // 0
 * console.log((await selectAsync([{ receive: jobs }, { receive: stop }])).message); // 1
 * ```
 */
export function select<const Cases extends readonly SelectCase[]>(cases: Cases): Selected<Cases> {
  return selectIfAvailable(cases, Number.POSITIVE_INFINITY)!;
}

/**
 * As `select`, if a case can be done within `milliseconds`. Blocks at most as long; 0 means at once, Infinity for ever.
 * See docs/library/channel.md.
 *
 * @returns null if none could be done in that time
 * @throws as `select`
 */
export function selectIfAvailable<const Cases extends readonly SelectCase[]>(
  cases: Cases,
  milliseconds: number,
): Selected<Cases> | null {
  mustBeTime(milliseconds, SELECT);
  const selection = new Selection(cases);
  const result = waitForSeveral(selection.first, selection.attempt, milliseconds);
  return result === TIMED_OUT ? null : (selection.done(result) as Selected<Cases>);
}

/**
 * As `select`, without blocking. See docs/library/channel.md.
 *
 * @throws as `select`, but no BlockingError; a DOMException of name `TimeoutError`; the signal's reason
 */
export async function selectAsync<const Cases extends readonly SelectCase[]>(
  cases: Cases,
  options?: WaitOptions,
): Promise<Selected<Cases>> {
  const { timeout, signal } = waitOptions(SELECT, options);
  const selection = new Selection(cases);
  const { first, attempt, channels } = selection;
  const result = await waitAsync(first, attempt, timeout, signal, ++asked, channels);
  if (result === TIMED_OUT) throw timeoutError(SELECT, timeout ?? Number.POSITIVE_INFINITY);
  return selection.done(result) as Selected<Cases>;
}

class Selection {
  /** Stands for all where one object is asked for. */
  readonly first: Channel;
  /** Each once. */
  readonly channels: ReadonlySet<Channel>;
  readonly #space: SharedSpace;
  readonly #operations: ReturnType<typeof operationOf>[];
  readonly #begin = selections++;
  #chosen = 0;

  constructor(cases: readonly SelectCase[]) {
    if (!Array.isArray(cases) || cases.length === 0) {
      throw wrong(SELECT, cases, `an array of one case or more, ${CASE}`);
    }
    const channels = Array.from(cases, channelOf);
    this.first = channels[0]!;
    this.channels = new Set(channels);
    this.#space = this.first.space;
    if (channels.some(({ space }) => space !== this.#space)) {
      throw new ForeignHandleError(
        "Cannot select: received Channels of several spaces; expected Channels of one space",
      );
    }
    this.#operations = cases.map(operationOf);
  }

  /** Of the first case that can be done, after one look at all; and another, where that one has announced the worker. */
  readonly attempt: Attempt = (as) => {
    const result = this.#look(NOW);
    if (result !== WAIT || as === NOW) return result;
    const { kernel } = this.#space;
    const sequence = kernel.doorbell_heard();
    const again = this.#look(ASYNCHRONOUS);
    return again === WAIT ? kernel.doorbell_await(sequence) : again;
  };

  #look(as: number): number {
    const { length } = this.#operations;
    for (let i = 0; i < length; i++) {
      this.#chosen = (this.#begin + i) % length;
      const { channel, attempt } = this.#operations[this.#chosen]!;
      const result = inside(channel, () => attempt(as));
      if (result !== WAIT) return result;
    }
    return WAIT;
  }

  done(result: number): { index: number; message: unknown } {
    return { index: this.#chosen, message: this.#operations[this.#chosen]!.done(result) };
  }
}

/** The channel of a case. @throws {TypeError} if it is none */
function channelOf(each: SelectCase): Channel {
  mustBeOptions(each ?? null, SELECT, ["receive", "send", "value"]);
  const { receive, send } = each as { receive?: Channel; send?: Channel };
  const channel = receive ?? send;
  const isOne = "value" in each ? receive === undefined : send === undefined;
  if (channel === undefined || !isOne) throw wrong(SELECT, each, `a case, ${CASE}`);
  return mustBeA(Channel, channel, SELECT);
}

function operationOf(each: SelectCase) {
  return "receive" in each
    ? { channel: each.receive, ...each.receive.toReceive() }
    : { channel: each.send, ...each.send.toSend(each.value) };
}
