import type { Protocol } from "../protocol.js";

interface Load {
  readonly senders: number;
  readonly receivers: number;
  /** Messages of each sender. */
  readonly messages: number;
  /** Messages of each receiver; else they receive until the channel is closed. */
  readonly receipts?: number;
  /** Whether a sender may die; the others have to get on. */
  readonly dying?: true;
  readonly long?: boolean;
}

const LOADS: readonly Load[] = [
  { senders: 1, receivers: 1, messages: 3, receipts: 3 },
  { senders: 2, receivers: 1, messages: 1, receipts: 2 },
  { senders: 1, receivers: 2, messages: 2, receipts: 1, long: true },
  { senders: 1, receivers: 1, messages: 2 },
  { senders: 1, receivers: 2, messages: 1, long: true },
  { senders: 1, receivers: 1, messages: 1, dying: true },
  { senders: 1, receivers: 1, messages: 2, dying: true, long: true },
];

function range(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, i) => first + i);
}

export const CHANNEL: readonly Protocol[] = LOADS.map(
  ({ senders, receivers, messages, receipts = 0, dying, long = false }) => ({
    protocol: "channel",
    scenario: [`${senders} x ${messages} to ${receivers}`, receipts === 0 && "closed", dying && "a sender dying"]
      .filter(Boolean)
      .join(", "),
    processors: senders + receivers,
    entries: [
      ...range(0, senders).map(() => "channel_prove_send"),
      ...range(0, receivers).map(() => "channel_prove_receive"),
    ],
    init: { entry: "channel_prove_init", arguments: [senders, messages, receipts] },
    final: { entry: "channel_prove_end", arguments: [] },
    specification: "channel_prove_queue",
    ...(dying && {
      deaths: { entry: "channel_prove_death", processors: range(0, senders) },
    }),
    long,
  }),
);
