import { AFFINITY } from "./affinity.js";
import { ALLOCATOR } from "./allocator.js";
import { BARRIER } from "./barrier.js";
import { CENTRAL_QUEUE } from "./central-queue.js";
import { CHANNEL } from "./channel.js";
import { CLUSTERED } from "./clustered.js";
import { CONDITION } from "./condition.js";
import { COUNTER } from "./counter.js";
import { DOORBELL } from "./doorbell.js";
import type { Equivalents } from "./equivalent.js";
import { EVENT } from "./event.js";
import { EVENTCOUNT } from "./eventcount.js";
import { EXISTENCE } from "./existence.js";
import { FREE } from "./free.js";
import { GUARD } from "./guard.js";
import { HISTOGRAM } from "./histogram.js";
import { HOLDINGS } from "./holdings.js";
import { LATCH } from "./latch.js";
import { LEDGER } from "./ledger.js";
import { LOCK_WORD } from "./lock-word.js";
import { MCS_LOCK } from "./mcs-lock.js";
import { MINIMUM_INTERVENING_PLUS_QUEUE } from "./minimum-intervening-plus-queue.js";
import { MUTEX } from "./mutex.js";
import { NAMES } from "./names.js";
import { ONCE } from "./once.js";
import { PAGES } from "./pages.js";
import { PATIENCE } from "./patience.js";
import { JOBS, POOL, POOL_EXECUTOR, POOL_MAKER, POOL_REPAIR, POOL_SUBMITTER } from "./pool.js";
import { PRIORITY } from "./priority.js";
import { PROCESSOR_QUEUES } from "./processor-queues.js";
import { QUEUE } from "./queue.js";
import { REDO } from "./redo.js";
import { REPAIR } from "./repair.js";
import { RW_LOCK } from "./rw-lock.js";
import { SCHEDULER } from "./scheduler.js";
import { SEMAPHORE } from "./semaphore.js";
import { SIZE_CLASSES } from "./size-classes.js";
import { SPACE } from "./space.js";
import { SPANS } from "./spans.js";
import { TICKET_LOCK } from "./ticket-lock.js";
import { WAIT_GRAPH } from "./wait-graph.js";

/** Of all files. */
export const EQUIVALENTS: readonly Equivalents[] = [
  AFFINITY,
  ALLOCATOR,
  BARRIER,
  CENTRAL_QUEUE,
  CHANNEL,
  CLUSTERED,
  CONDITION,
  COUNTER,
  DOORBELL,
  EVENT,
  EVENTCOUNT,
  EXISTENCE,
  FREE,
  GUARD,
  HISTOGRAM,
  HOLDINGS,
  JOBS,
  LATCH,
  LEDGER,
  LOCK_WORD,
  MCS_LOCK,
  MINIMUM_INTERVENING_PLUS_QUEUE,
  MUTEX,
  NAMES,
  ONCE,
  PAGES,
  PATIENCE,
  POOL,
  POOL_EXECUTOR,
  POOL_MAKER,
  POOL_REPAIR,
  POOL_SUBMITTER,
  PRIORITY,
  PROCESSOR_QUEUES,
  QUEUE,
  REDO,
  REPAIR,
  RW_LOCK,
  SCHEDULER,
  SEMAPHORE,
  SIZE_CLASSES,
  SPACE,
  SPANS,
  TICKET_LOCK,
  WAIT_GRAPH,
];
