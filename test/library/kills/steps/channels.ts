/** Steps with channels. Each message has its sender and a number. */
import { type SelectCase, type Selected, selectAsync, selectIfAvailable } from "#library/index.js";
import { type ChannelName, type Message, MOST_SENT } from "../scene.js";
import { type Actor, atMost, wait } from "./actor.js";

export async function send(actor: Actor, name: ChannelName): Promise<void> {
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

export async function receive(actor: Actor, name: ChannelName): Promise<void> {
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

/** Receives from the channel that has a message first, or sends, if there is room first. */
export async function choose(actor: Actor): Promise<void> {
  const { scene, me, random } = actor;
  const { values, bytes } = scene.words.channels;
  const number = values.sent[me]!;
  const cases: SelectCase[] = [{ receive: scene.values }, { receive: scene.bytes }];
  const sends = number < MOST_SENT && random.below(2) === 0;
  if (sends) cases.unshift({ send: scene.values, value: { from: me, number, text: "" } satisfies Message });
  if (sends) values.begun[me] = number + 1;
  values.receiving[me] = 1;
  bytes.receiving[me] = 1;
  const chosen = await wait<Selected<SelectCase[]>>(
    actor,
    (milliseconds) => selectIfAvailable(cases, atMost(actor, milliseconds, 20)),
    (timeout, options) => selectAsync(cases, { timeout: atMost(actor, timeout, 20), ...options }),
  );
  const done = chosen && cases[chosen.index]!;
  const isSent = done !== null && "send" in done;
  if (isSent) values.sent[me] = number + 1;
  else values.begun[me] = number;
  if (chosen?.message) note(actor, done === cases.at(-1) ? "bytes" : "values", chosen.message);
  values.receiving[me] = 0;
  bytes.receiving[me] = 0;
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
