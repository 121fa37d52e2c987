import { describe, expect, test } from "vitest";
import { proveProtocol } from "#dist/proofs/protocol.js";
import { PROTOCOLS } from "#dist/proofs/protocols/index.js";
import { ALLOCATOR_BUGS } from "./bugs/allocator.js";
import { BARRIER_BUGS } from "./bugs/barrier.js";
import { CHANNEL_BUGS } from "./bugs/channel.js";
import { CONDITION_BUGS } from "./bugs/condition.js";
import { COUNTER_BUGS } from "./bugs/counter.js";
import { DOORBELL_BUGS } from "./bugs/doorbell.js";
import { EVENT_BUGS } from "./bugs/event.js";
import { EVENTCOUNT_BUGS } from "./bugs/eventcount.js";
import { EXISTENCE_BUGS } from "./bugs/existence.js";
import { GUARD_BUGS } from "./bugs/guard.js";
import { HISTOGRAM_BUGS } from "./bugs/histogram.js";
import { LATCH_BUGS } from "./bugs/latch.js";
import { LOCK_WORD_BUGS } from "./bugs/lock-word.js";
import { MCS_LOCK_BUGS } from "./bugs/mcs-lock.js";
import { MUTEX_BUGS } from "./bugs/mutex.js";
import { NAMES_BUGS } from "./bugs/names.js";
import { ONCE_BUGS } from "./bugs/once.js";
import type { PlantedBug } from "./bugs/planted-bug.js";
import { RW_LOCK_BUGS } from "./bugs/rw-lock.js";
import { SEMAPHORE_BUGS } from "./bugs/semaphore.js";
import { SLOTS_BUGS } from "./bugs/slots.js";
import { TICKET_LOCK_BUGS } from "./bugs/ticket-lock.js";
import { WAIT_GRAPH_BUGS } from "./bugs/wait-graph.js";
import { buildMutant } from "./mutants.js";

const BUGS: readonly PlantedBug[] = [
  ...ALLOCATOR_BUGS,
  ...BARRIER_BUGS,
  ...CHANNEL_BUGS,
  ...CONDITION_BUGS,
  ...COUNTER_BUGS,
  ...DOORBELL_BUGS,
  ...EVENT_BUGS,
  ...EVENTCOUNT_BUGS,
  ...EXISTENCE_BUGS,
  ...GUARD_BUGS,
  ...HISTOGRAM_BUGS,
  ...LATCH_BUGS,
  ...LOCK_WORD_BUGS,
  ...MCS_LOCK_BUGS,
  ...MUTEX_BUGS,
  ...NAMES_BUGS,
  ...ONCE_BUGS,
  ...RW_LOCK_BUGS,
  ...SEMAPHORE_BUGS,
  ...SLOTS_BUGS,
  ...TICKET_LOCK_BUGS,
  ...WAIT_GRAPH_BUGS,
];

describe("proveProtocol", () => {
  test.each(BUGS.map((planted) => [planted.bug, planted] as const))("finds %s", async (_, planted) => {
    const { protocol, scenario, found } = planted;
    const claim = PROTOCOLS.find((claim) => claim.protocol === protocol && claim.scenario === scenario);
    if (claim === undefined) throw new Error(`received the unknown scenario "${scenario}" of ${protocol}`);
    const { violation } = await proveProtocol(await buildMutant(planted), claim, { model: "sc", mode: "states" });
    expect(violation?.kind, violation?.message).toBe(found);
  });

  test("is tried with a planted bug in every protocol", () => {
    const planted = new Set(BUGS.map(({ protocol }) => protocol));
    expect(PROTOCOLS.filter(({ protocol }) => !planted.has(protocol))).toEqual([]);
  });
});
