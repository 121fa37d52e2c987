import type { Protocol } from "../protocol.js";
import { AFFINITY } from "./affinity.js";
import { ALLOCATOR } from "./allocator.js";
import { BARRIER } from "./barrier.js";
import { CACHE } from "./cache.js";
import { CENTRAL_QUEUE } from "./central-queue.js";
import { CHANNEL } from "./channel.js";
import { CLUSTERED } from "./clustered.js";
import { CLUSTERED_OBJECTS } from "./clustered-objects.js";
import { CONDITION } from "./condition.js";
import { COUNTER } from "./counter.js";
import { DOORBELL } from "./doorbell.js";
import { EVENT } from "./event.js";
import { EVENTCOUNT } from "./eventcount.js";
import { EXISTENCE } from "./existence.js";
import { GUARD } from "./guard.js";
import { HISTOGRAM } from "./histogram.js";
import { HOLDINGS } from "./holdings.js";
import { LATCH } from "./latch.js";
import { LOCK_WORD } from "./lock-word.js";
import { MAP } from "./map.js";
import { MCS_LOCK } from "./mcs-lock.js";
import { MUTEX } from "./mutex.js";
import { NAMES } from "./names.js";
import { OBJECTS } from "./objects.js";
import { ONCE } from "./once.js";
import { PATIENCE } from "./patience.js";
import { OF_POLICIES } from "./policies.js";
import { POOL } from "./pool.js";
import { PROCESSOR_QUEUES } from "./processor-queues.js";
import { QUEUE } from "./queue.js";
import { REDO } from "./redo.js";
import { REPAIR } from "./repair.js";
import { REPLICATED } from "./replicated.js";
import { RW_LOCK } from "./rw-lock.js";
import { SCHEDULER } from "./scheduler.js";
import { SEMAPHORE } from "./semaphore.js";
import { SERVICE } from "./service.js";
import { SLOTS } from "./slots.js";
import { TICKET_LOCK } from "./ticket-lock.js";
import { WAIT_GRAPH } from "./wait-graph.js";

/** What is claimed of kernel/tasks and kernel/scheduling. */
export const SCHEDULING: readonly Protocol[] = [
  ...SCHEDULER,
  ...QUEUE,
  ...AFFINITY,
  ...CENTRAL_QUEUE,
  ...PROCESSOR_QUEUES,
  ...OF_POLICIES,
];

/** All that is claimed of the library's protocols, of kernel/tasks, kernel/scheduling and kernel/objects. */
export const PROTOCOLS: readonly Protocol[] = [
  ...ALLOCATOR,
  ...BARRIER,
  ...CACHE,
  ...CHANNEL,
  ...CLUSTERED,
  ...CONDITION,
  ...COUNTER,
  ...DOORBELL,
  ...EVENT,
  ...EVENTCOUNT,
  ...EXISTENCE,
  ...GUARD,
  ...HISTOGRAM,
  ...HOLDINGS,
  ...LATCH,
  ...LOCK_WORD,
  ...MAP,
  ...MCS_LOCK,
  ...MUTEX,
  ...NAMES,
  ...OBJECTS,
  ...ONCE,
  ...PATIENCE,
  ...POOL,
  ...REDO,
  ...REPAIR,
  ...REPLICATED,
  ...RW_LOCK,
  ...SEMAPHORE,
  ...SERVICE,
  ...SLOTS,
  ...TICKET_LOCK,
  ...WAIT_GRAPH,
  ...SCHEDULING,
  ...CLUSTERED_OBJECTS,
];
