import type { Long, Protocol } from "../protocol.js";

interface Load {
  readonly senders: number;
  readonly receivers: number;
  /** Messages of each sender. */
  readonly messages: number;
  /** Messages of each receiver; else they receive until the channel is closed. */
  readonly receipts?: number;
  /** How many receivers sleep from the beginning. */
  readonly asleep?: number;
  readonly asynchronous?: true;
  /** One processor more: a receiver that puts a message back, and sleeps before the others; or a sender that cancels, the last one. */
  readonly beside?: "one puts back" | "one cancels";
  /** Who may die; the others have to get on. A receiver with an heir: who repairs it receives the rest. */
  readonly dying?: "a sender" | "a receiver" | "a receiver with an heir";
  readonly long?: Long;
}

const LOADS: readonly Load[] = [
  { senders: 1, receivers: 1, messages: 3, receipts: 3, long: "sc" },
  { senders: 2, receivers: 1, messages: 1, receipts: 2, long: "sc" },
  { senders: 1, receivers: 2, messages: 2, receipts: 1, long: "prove" },
  { senders: 1, receivers: 1, messages: 2 },
  { senders: 1, receivers: 1, messages: 1, receipts: 1, asleep: 1, beside: "one puts back" },
  { senders: 1, receivers: 1, messages: 1, beside: "one cancels", long: "sc" },
  { senders: 1, receivers: 2, messages: 2, receipts: 1, asleep: 2, asynchronous: true, long: "sc" },
  { senders: 1, receivers: 2, messages: 1, long: "prove" },
  { senders: 1, receivers: 1, messages: 1, dying: "a sender" },
  { senders: 1, receivers: 1, messages: 2, dying: "a sender", long: "prove" },
  { senders: 1, receivers: 1, messages: 1, dying: "a receiver with an heir" },
  { senders: 1, receivers: 2, messages: 2, receipts: 1, asleep: 2, dying: "a receiver", long: "prove" },
];

function range(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, i) => first + i);
}

const QUEUES: readonly Protocol[] = LOADS.map(
  ({ senders, receivers, messages, receipts = 0, asleep = 0, asynchronous, beside, dying, long }) => {
    const sending = senders + (beside === "one cancels" ? 1 : 0);
    const receiving = receivers + (beside === "one puts back" ? 1 : 0);
    const entries = [
      ...range(0, senders).map(() => "channel_prove_send"),
      ...(beside === "one cancels" ? ["channel_prove_cancel"] : []),
      ...(beside === "one puts back" ? ["channel_prove_put_back"] : []),
      ...range(0, receivers).map(() => "channel_prove_receive"),
    ];
    return {
      protocol: "channel",
      scenario: [
        `${senders} x ${messages} to ${receivers}`,
        receipts === 0 && "closed",
        asynchronous && "asynchronous",
        asleep > 0 && `${asleep} asleep`,
        beside,
        dying && `${dying} dying`,
      ]
        .filter(Boolean)
        .join(", "),
      processors: entries.length,
      entries,
      init: {
        entry: "channel_prove_init",
        arguments: [sending, messages, receipts, Number(asynchronous ?? false), asleep + receiving - receivers],
      },
      // A receiver that dies before it has received leaves a message.
      ...(!(dying === "a receiver" && receipts > 0) && { final: { entry: "channel_prove_end" } }),
      specification: "channel_prove_queue",
      ...(dying && {
        deaths: {
          entry: dying === "a receiver with an heir" ? "channel_prove_heir" : "channel_prove_death",
          processors: dying === "a sender" ? range(0, sending) : range(sending, entries.length),
        },
      }),
      long,
    };
  },
);

/** One processor: its entry, and what it does. */
const ALONE: readonly Protocol[] = [
  ["alone", "one operation after the other"],
  ["announce", "no message, and no room"],
  ["create", "large ones until the space is full"],
].map(([entry, scenario]) => ({
  protocol: "channel",
  scenario: scenario!,
  processors: 1,
  entries: `channel_prove_${entry}`,
  init: { entry: "channel_prove_init", arguments: [1, 0, 0, 0, 0] },
  final: { entry: "channel_prove_end" },
}));

const STEPS: Protocol = {
  protocol: "channel",
  scenario: "one operation after the other, dying",
  processors: 1,
  entries: "channel_prove_steps",
  init: { entry: "channel_prove_init", arguments: [1, 0, 0, 0, 0] },
  final: { entry: "channel_prove_steps_end" },
  deaths: { entry: "channel_prove_act_death" },
};

const LOOKING: Protocol = {
  protocol: "channel",
  scenario: "one looks for room, and for a message",
  processors: 1,
  entries: "channel_prove_look",
  init: { entry: "channel_prove_init_looking" },
  final: { entry: "channel_prove_end" },
};

interface Act {
  /** What one does; by number, as kernel/library/proofs/channel.ts says. */
  readonly act: "send" | "finish" | "put back" | "close" | "send and close";
  /** What the other waits for: it sleeps from the beginning, or comes to it. */
  readonly waits: "asleep" | "fill" | "take_one";
  /** The messages that are there at first: each one's halves of the ring. */
  readonly units?: readonly number[];
  /** Where it sleeps. */
  readonly at?: "notEmpty" | "notFull";
  /** Bytes in the end, where they are certain. */
  readonly used?: number;
}

const ACTIONS = ["send", "finish", "put back", "close", "send and close"];
const EVENTCOUNTS = { notEmpty: 640, notFull: 648 };

const ACTS: readonly Act[] = [
  { act: "send", waits: "asleep", at: "notEmpty" },
  { act: "put back", waits: "asleep", units: [1], at: "notEmpty" },
  { act: "close", waits: "asleep", at: "notEmpty" },
  { act: "close", waits: "asleep", at: "notFull" },
  { act: "finish", waits: "asleep", units: [2], at: "notFull" },
  { act: "send", waits: "take_one", used: 0 },
  { act: "send and close", waits: "take_one", used: 0 },
  { act: "close", waits: "take_one", used: 0 },
  { act: "finish", waits: "fill", units: [2], used: 32 },
  { act: "finish", waits: "fill", units: [1], used: 32 },
  { act: "close", waits: "fill", units: [2], used: 32 },
  { act: "close", waits: "fill" },
  { act: "finish", waits: "take_one", units: [1, 1], used: 0 },
];

/** One waits for what the other does: who sleeps already, also if the other dies. */
const WAITS: readonly Protocol[] = ACTS.map(({ act, waits, units = [], at, used }) => ({
  protocol: "channel",
  scenario: [
    waits.replace("_", " "),
    at === "notEmpty" ? "for a message" : at === "notFull" && "for room",
    "and one to",
    act,
    units.length > 0 && `of ${units.join(" and ")}`,
    at && "or die",
  ]
    .filter(Boolean)
    .join(" "),
  processors: 2,
  entries: ["channel_prove_act", waits === "asleep" ? "channel_prove_sleep" : `channel_prove_${waits}`],
  init: {
    entry: "channel_prove_init_act",
    arguments: [ACTIONS.indexOf(act), units.length, units[0] ?? 0, at ? EVENTCOUNTS[at] : 0],
  },
  ...(used !== undefined && { final: { entry: "channel_prove_act_end", arguments: [used] } }),
  ...(at && { deaths: { entry: "channel_prove_act_death", processors: [0] } }),
}));

export const CHANNEL: readonly Protocol[] = [...ALONE, STEPS, LOOKING, ...WAITS, ...QUEUES];
