import type { Long, Protocol } from "../protocol.js";

interface Load {
  readonly scenario: string;
  /** Beside who selects, one for each channel; the first ones, where they are fewer than channels. */
  readonly others: number;
  /** Messages of each who sends. */
  readonly messages: number;
  readonly selectorSends?: true;
  readonly dying?: true;
  readonly long?: Long;
}

const LOADS: readonly Load[] = [
  { scenario: "from the first of two senders", others: 2, messages: 1, long: "sc" },
  { scenario: "from one sender of several messages", others: 1, messages: 2 },
  { scenario: "from one sender, dying", others: 1, messages: 1, dying: true },
  { scenario: "to one receiver", others: 1, messages: 2, selectorSends: true },
  { scenario: "from the first of two senders, one dying", others: 2, messages: 1, dying: true, long: "prove" },
];

const SCENES: readonly Protocol[] = LOADS.map(({ scenario, others, messages, selectorSends = false, dying, long }) => ({
  protocol: "doorbell",
  scenario,
  processors: 1 + others,
  entries: [
    selectorSends ? "doorbell_prove_send_any" : "doorbell_prove_receive_any",
    ...Array.from({ length: others }, () => (selectorSends ? "doorbell_prove_receive" : "doorbell_prove_send")),
  ],
  init: { entry: "doorbell_prove_init", arguments: [others, messages] },
  final: { entry: "doorbell_prove_end", arguments: [Number(selectorSends), Number(dying ?? false)] },
  ...(dying && {
    deaths: { entry: "doorbell_prove_death", processors: Array.from({ length: others }, (_, i) => i + 1) },
  }),
  long,
}));

const ALONE: Protocol = {
  protocol: "doorbell",
  scenario: "one operation after the other",
  processors: 1,
  entries: "doorbell_prove_alone",
  init: { entry: "doorbell_prove_init", arguments: [0, 0] },
};

const ASLEEP: Protocol = {
  protocol: "doorbell",
  scenario: "two asleep, one rings",
  processors: 3,
  entries: ["doorbell_prove_sleep", "doorbell_prove_sleep", "doorbell_prove_ring"],
  init: { entry: "doorbell_prove_init", arguments: [0, 0] },
};

/** Waiting for the first of several channels: kernel/library/doorbell.ts, and Channel.select. */
export const DOORBELL: readonly Protocol[] = [ALONE, ASLEEP, ...SCENES];
