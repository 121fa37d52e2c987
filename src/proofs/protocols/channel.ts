import type { Protocol } from "../protocol.js";

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
  readonly long?: boolean;
}

const LOADS: readonly Load[] = [
  { senders: 1, receivers: 1, messages: 3, receipts: 3 },
  { senders: 2, receivers: 1, messages: 1, receipts: 2 },
  { senders: 1, receivers: 2, messages: 2, receipts: 1, long: true },
  { senders: 1, receivers: 1, messages: 2 },
  { senders: 1, receivers: 1, messages: 1, receipts: 1, asleep: 1, beside: "one puts back" },
  { senders: 1, receivers: 1, messages: 1, beside: "one cancels" },
  { senders: 1, receivers: 2, messages: 2, receipts: 1, asleep: 2, asynchronous: true, long: true },
  { senders: 1, receivers: 2, messages: 1, long: true },
  { senders: 1, receivers: 1, messages: 1, dying: "a sender" },
  { senders: 1, receivers: 1, messages: 2, dying: "a sender", long: true },
  { senders: 1, receivers: 1, messages: 1, dying: "a receiver with an heir" },
  { senders: 1, receivers: 2, messages: 2, receipts: 1, asleep: 2, dying: "a receiver", long: true },
];

function range(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, i) => first + i);
}

const QUEUES: readonly Protocol[] = LOADS.map(
  ({ senders, receivers, messages, receipts = 0, asleep = 0, asynchronous, beside, dying, long = false }) => {
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

const ALONE: Protocol = {
  protocol: "channel",
  scenario: "one operation after the other",
  processors: 1,
  entries: "channel_prove_alone",
  init: { entry: "channel_prove_init", arguments: [1, 0, 0, 0, 0] },
  final: { entry: "channel_prove_end" },
};

export const CHANNEL: readonly Protocol[] = [ALONE, ...QUEUES];
