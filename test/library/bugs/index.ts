/** All planted bugs, in two parts that take about as long. */
import { ALLOCATOR_BUGS } from "./allocator.js";
import { BARRIER_BUGS } from "./barrier.js";
import { CHANNEL_BUGS } from "./channel.js";
import { CONDITION_BUGS } from "./condition.js";
import { COUNTER_BUGS } from "./counter.js";
import { DOORBELL_BUGS } from "./doorbell.js";
import { EVENT_BUGS } from "./event.js";
import { EVENTCOUNT_BUGS } from "./eventcount.js";
import { EXISTENCE_BUGS } from "./existence.js";
import { GUARD_BUGS } from "./guard.js";
import { HISTOGRAM_BUGS } from "./histogram.js";
import { HOLDINGS_BUGS } from "./holdings.js";
import { LATCH_BUGS } from "./latch.js";
import { LOCK_WORD_BUGS } from "./lock-word.js";
import { MCS_LOCK_BUGS } from "./mcs-lock.js";
import { MUTEX_BUGS } from "./mutex.js";
import { NAMES_BUGS } from "./names.js";
import { OBJECTS_BUGS } from "./objects.js";
import { ONCE_BUGS } from "./once.js";
import { PATIENCE_BUGS } from "./patience.js";
import type { PlantedBug } from "./planted-bug.js";
import { REDO_BUGS } from "./redo.js";
import { REPAIR_BUGS } from "./repair.js";
import { RW_LOCK_BUGS } from "./rw-lock.js";
import { SEMAPHORE_BUGS } from "./semaphore.js";
import { SLOTS_BUGS } from "./slots.js";
import { TICKET_LOCK_BUGS } from "./ticket-lock.js";
import { WAIT_GRAPH_BUGS } from "./wait-graph.js";

/** Of what locks, and where those sleep who wait for one. */
export const BUGS_OF_LOCKS: readonly PlantedBug[] = [
  ...CONDITION_BUGS,
  ...GUARD_BUGS,
  ...LOCK_WORD_BUGS,
  ...MCS_LOCK_BUGS,
  ...MUTEX_BUGS,
  ...ONCE_BUGS,
  ...RW_LOCK_BUGS,
  ...SEMAPHORE_BUGS,
  ...TICKET_LOCK_BUGS,
  ...WAIT_GRAPH_BUGS,
];

export const BUGS_OF_OBJECTS: readonly PlantedBug[] = [
  ...ALLOCATOR_BUGS,
  ...BARRIER_BUGS,
  ...CHANNEL_BUGS,
  ...COUNTER_BUGS,
  ...DOORBELL_BUGS,
  ...EVENT_BUGS,
  ...EVENTCOUNT_BUGS,
  ...EXISTENCE_BUGS,
  ...HISTOGRAM_BUGS,
  ...HOLDINGS_BUGS,
  ...LATCH_BUGS,
  ...NAMES_BUGS,
  ...OBJECTS_BUGS,
  ...PATIENCE_BUGS,
  ...REPAIR_BUGS,
  ...REDO_BUGS,
  ...SLOTS_BUGS,
];
