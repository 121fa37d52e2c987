/** What the library's module exports: src/library calls it, and the checked machine executes its proofs. */
export {
  allocate,
  allocateLines as allocate_lines,
  blockBytes as block_bytes,
  blockOwner as block_owner,
  nextBlock as next_block,
  release,
} from "./allocator";
export {
  arrive as barrier_arrive,
  attempt as barrier_attempt,
  create as barrier_create,
  giveUp as barrier_give_up,
  join as barrier_join,
  leave as barrier_leave,
  partiesIn as barrier_parties,
} from "./barrier";
export {
  cancel as channel_cancel,
  capacityOf as channel_capacity,
  close as channel_close,
  codecOf as channel_codec,
  commit as channel_commit,
  create as channel_create,
  endOf as channel_end,
  finish as channel_finish,
  isClosed as channel_is_closed,
  putBack as channel_put_back,
  reserve as channel_reserve,
  take as channel_take,
  usedOf as channel_used,
} from "./channel";
export {
  attempt as condition_attempt,
  create as condition_create,
  join as condition_join,
  notify as condition_notify,
  retire as condition_retire,
  settle as condition_settle,
} from "./condition";
export {
  add as counter_add,
  addNumber as counter_add_number,
  approximate as counter_approximate,
  batchOf as counter_batch,
  compare as counter_compare,
  create as counter_create,
  exact as counter_exact,
} from "./counter";
export { awaitRing as doorbell_await, heard as doorbell_heard } from "./doorbell";
export {
  attempt as event_attempt,
  create as event_create,
  isSet as event_is_set,
  resetEvent as event_reset,
  setEvent as event_set,
  word as event_word,
} from "./event";
export {
  enterObject as enter_object,
  isObject as is_object,
  isPlace as is_place,
  leaveObject as leave_object,
} from "./existence";
export { freeObject as free_object } from "./free";
export {
  BUCKETS,
  countOf as histogram_count,
  create as histogram_create,
  epochOf as histogram_epoch,
  leastOf as histogram_least,
  lowerBound as histogram_lower_bound,
  mostOf as histogram_most,
  record as histogram_record,
  reset as histogram_reset,
  sumOf as histogram_sum,
} from "./histogram";
export { keepPromise as keep_promise, promiseRoom as promise_room } from "./holdings";
export {
  attempt as latch_attempt,
  countDown as latch_count_down,
  countsAtFirst as latch_initial,
  create as latch_create,
  isAbandoned as latch_is_abandoned,
  left as latch_left,
  promise as latch_promise,
} from "./latch";
export { ASYNCHRONOUS, FRESH, NOW, SLEPT } from "./lock-word";
export {
  acquire as mcs_lock_acquire,
  create as mcs_lock_create,
  isForced as mcs_lock_is_forced,
  isStrict as mcs_lock_is_strict,
  release as mcs_lock_unlock,
  tryAcquire as mcs_lock_try,
} from "./mcs-lock";
export {
  attempt as mutex_attempt,
  contentionsOf as mutex_contentions,
  create as mutex_create,
  giveUp as mutex_give_up,
  isStrict as mutex_is_strict,
  owner as mutex_owner,
  tryLock as mutex_try_lock,
  unlock as mutex_unlock,
} from "./mutex";
export { bind as name_bind, find as name_find, namedIdentity as named_identity } from "./names";
export { attempt as once_attempt, create as once_create, end as once_end, isDone as once_is_done } from "./once";
export {
  blocks_prove_end,
  blocks_prove_init,
  blocks_prove_run,
  home_prove_end,
  home_prove_init,
  home_prove_run,
  leaving_prove_run,
  pages_prove_end,
  pages_prove_init,
  pages_prove_run,
  twice_prove_end,
  twice_prove_init,
  twice_prove_run,
} from "./proofs/allocator";
export {
  allocator_prove_abandoned,
  allocator_prove_alone_init,
  allocator_prove_blocks,
  allocator_prove_returned,
  allocator_prove_sizes,
} from "./proofs/allocator-alone";
export {
  barrier_prove_end,
  barrier_prove_gone,
  barrier_prove_gone_end,
  barrier_prove_gone_init,
  barrier_prove_init,
  barrier_prove_run,
} from "./proofs/barrier";
export {
  barrier_prove_alone,
  barrier_prove_alone_init,
  barrier_prove_leaving,
  barrier_prove_seats,
  barrier_prove_tree,
} from "./proofs/barrier-alone";
export {
  channel_prove_act,
  channel_prove_act_death,
  channel_prove_act_end,
  channel_prove_alone,
  channel_prove_announce,
  channel_prove_cancel,
  channel_prove_create,
  channel_prove_death,
  channel_prove_end,
  channel_prove_fill,
  channel_prove_heir,
  channel_prove_init,
  channel_prove_init_act,
  channel_prove_init_looking,
  channel_prove_look,
  channel_prove_put_back,
  channel_prove_queue,
  channel_prove_receive,
  channel_prove_send,
  channel_prove_sleep,
  channel_prove_steps,
  channel_prove_steps_end,
  channel_prove_take_one,
} from "./proofs/channel";
export {
  condition_prove_act,
  condition_prove_act_death,
  condition_prove_act_end,
  condition_prove_alone,
  condition_prove_end,
  condition_prove_freed,
  condition_prove_full,
  condition_prove_init,
  condition_prove_init_act,
  condition_prove_leave,
  condition_prove_many,
  condition_prove_repair,
  condition_prove_run,
  condition_prove_sleep,
  condition_prove_steps,
  condition_prove_steps_end,
} from "./proofs/condition";
export {
  counter_prove_alone,
  counter_prove_alone_init,
  counter_prove_compare,
  counter_prove_death,
  counter_prove_end,
  counter_prove_far,
  counter_prove_init,
  counter_prove_run,
  counter_prove_units,
  counter_specification,
} from "./proofs/counter";
export {
  doorbell_prove_alone,
  doorbell_prove_death,
  doorbell_prove_end,
  doorbell_prove_init,
  doorbell_prove_receive,
  doorbell_prove_receive_any,
  doorbell_prove_ring,
  doorbell_prove_send,
  doorbell_prove_send_any,
  doorbell_prove_sleep,
} from "./proofs/doorbell";
export { event_prove_alone, event_prove_end, event_prove_init, event_prove_run } from "./proofs/event";
export {
  eventcount_prove_alone,
  eventcount_prove_death,
  eventcount_prove_end,
  eventcount_prove_init,
  eventcount_prove_run,
} from "./proofs/eventcount";
export {
  existence_prove_end,
  existence_prove_init,
  existence_prove_run,
  held_prove_end,
  held_prove_init,
  held_prove_run,
  waiting_prove_end,
  waiting_prove_init,
  waiting_prove_run,
} from "./proofs/existence";
export {
  existence_prove_alone,
  existence_prove_alone_init,
  existence_prove_free,
  existence_prove_pages,
} from "./proofs/existence-alone";
export {
  guard_prove_alone,
  guard_prove_awake,
  guard_prove_end,
  guard_prove_init,
  guard_prove_repair,
  guard_prove_run,
} from "./proofs/guard";
export {
  histogram_prove_alone,
  histogram_prove_alone_init,
  histogram_prove_end,
  histogram_prove_init,
  histogram_prove_run,
} from "./proofs/histogram";
export {
  latch_prove_counts_down,
  latch_prove_end,
  latch_prove_ends,
  latch_prove_ends_end,
  latch_prove_init,
  latch_prove_init_promised,
  latch_prove_promise,
  latch_prove_promise_end,
  latch_prove_run,
} from "./proofs/latch";
export {
  latch_prove_alone_init,
  latch_prove_counting,
  latch_prove_create,
  latch_prove_no_more,
  latch_prove_repairs,
} from "./proofs/latch-alone";
export { ledger_prove_alone, ledger_prove_death, ledger_prove_end, ledger_prove_run } from "./proofs/ledger";
export {
  lock_word_prove_attempts,
  lock_word_prove_called,
  lock_word_prove_calls,
  lock_word_prove_comes,
  lock_word_prove_demands,
  lock_word_prove_few_calls,
  lock_word_prove_heir,
  lock_word_prove_in_order,
  lock_word_prove_inherits,
  lock_word_prove_init,
  lock_word_prove_init_held,
  lock_word_prove_init_in_order,
  lock_word_prove_init_patient,
  lock_word_prove_lets_go,
  lock_word_prove_listens,
  lock_word_prove_looks,
  lock_word_prove_mends,
  lock_word_prove_mends_heir,
  lock_word_prove_naps,
  lock_word_prove_one_heir,
  lock_word_prove_overtakes,
  lock_word_prove_patience,
  lock_word_prove_releases,
  lock_word_prove_releases_once,
  lock_word_prove_releases_twice,
  lock_word_prove_repairs,
  lock_word_prove_resigns,
  lock_word_prove_resigns_once,
  lock_word_prove_sleeps,
  lock_word_prove_sleeps_asynchronously,
  lock_word_prove_sleeps_called,
  lock_word_prove_starved,
  lock_word_prove_starved_once,
  lock_word_prove_takes_again,
  lock_word_prove_turn,
  lock_word_prove_undemanded,
  lock_word_prove_waits,
  lock_word_prove_waits_asynchronously,
  lock_word_prove_wakes,
} from "./proofs/lock-word";
export {
  mcs_lock_prove_alone,
  mcs_lock_prove_create,
  mcs_lock_prove_end,
  mcs_lock_prove_free,
  mcs_lock_prove_init,
  mcs_lock_prove_init_freed,
  mcs_lock_prove_release,
  mcs_lock_prove_repair,
  mcs_lock_prove_repair_owner,
  mcs_lock_prove_resign,
  mcs_lock_prove_run,
  mcs_lock_prove_try,
  mcs_lock_prove_wait_freed,
} from "./proofs/mcs-lock";
export {
  mutex_prove_alone,
  mutex_prove_asynchronously,
  mutex_prove_end,
  mutex_prove_found,
  mutex_prove_full,
  mutex_prove_impatient,
  mutex_prove_init,
  mutex_prove_init_resigning,
  mutex_prove_resigns,
  mutex_prove_run,
  mutex_prove_try,
  mutex_prove_unmarked,
} from "./proofs/mutex";
export {
  names_prove_alone,
  names_prove_end,
  names_prove_find,
  names_prove_init,
  names_prove_init_neighbours,
  names_prove_run,
} from "./proofs/names";
export { once_prove_alone, once_prove_end, once_prove_init, once_prove_run } from "./proofs/once";
export {
  rw_lock_prove_asynchronously,
  rw_lock_prove_end,
  rw_lock_prove_gives_up,
  rw_lock_prove_impatient,
  rw_lock_prove_init,
  rw_lock_prove_init_before,
  rw_lock_prove_read,
  rw_lock_prove_reads,
  rw_lock_prove_reads_then,
  rw_lock_prove_try,
  rw_lock_prove_twice,
  rw_lock_prove_unlocks,
  rw_lock_prove_unmarked,
  rw_lock_prove_write,
} from "./proofs/rw-lock";
export {
  rw_lock_prove_alone_init,
  rw_lock_prove_create,
  rw_lock_prove_draining,
  rw_lock_prove_kept_out,
  rw_lock_prove_reading,
  rw_lock_prove_repairs,
  rw_lock_prove_writing,
} from "./proofs/rw-lock-alone";
export {
  semaphore_prove_asynchronously,
  semaphore_prove_end,
  semaphore_prove_impatient,
  semaphore_prove_init,
  semaphore_prove_init_turn,
  semaphore_prove_limit,
  semaphore_prove_limit_end,
  semaphore_prove_run,
  semaphore_prove_signal,
  semaphore_prove_try,
  semaphore_prove_turn,
  semaphore_prove_unmarked,
} from "./proofs/semaphore";
export { semaphore_prove_alone } from "./proofs/semaphore-alone";
export {
  slots_prove_alone,
  slots_prove_alone_init,
  slots_prove_death,
  slots_prove_end,
  slots_prove_hear,
  slots_prove_init,
  slots_prove_run,
} from "./proofs/slots";
export {
  ticket_lock_prove_alone,
  ticket_lock_prove_create,
  ticket_lock_prove_end,
  ticket_lock_prove_impatient,
  ticket_lock_prove_init,
  ticket_lock_prove_repair,
  ticket_lock_prove_run,
  ticket_lock_prove_try,
} from "./proofs/ticket-lock";
export {
  wait_graph_prove_death,
  wait_graph_prove_end,
  wait_graph_prove_init,
  wait_graph_prove_run,
} from "./proofs/wait-graph";
export {
  wait_graph_prove_alone_init,
  wait_graph_prove_begun,
  wait_graph_prove_called_init,
  wait_graph_prove_cycle,
  wait_graph_prove_described,
  wait_graph_prove_kinds,
  wait_graph_prove_looks,
  wait_graph_prove_reads,
  wait_graph_prove_waits,
  wait_graph_prove_waits_again,
  wait_graph_prove_waits_again_init,
} from "./proofs/wait-graph-alone";
export { prove_death } from "./proofs/worker";
export { leaveOut as leave_out, repairWorker as repair_worker } from "./repair";
export {
  attempt as rw_lock_attempt,
  attemptShared as rw_lock_attempt_shared,
  create as rw_lock_create,
  giveUp as rw_lock_give_up,
  giveUpShared as rw_lock_give_up_shared,
  isStrict as rw_lock_is_strict,
  unlock as rw_lock_unlock,
  unlockShared as rw_lock_unlock_shared,
} from "./rw-lock";
export {
  add as semaphore_add,
  attempt as semaphore_attempt,
  availableIn as semaphore_available,
  consume as semaphore_consume,
  create as semaphore_create,
  giveUp as semaphore_give_up,
  permitsAtFirst as semaphore_initial,
  release as semaphore_release,
  tryAcquire as semaphore_try_acquire,
} from "./semaphore";
export {
  addressOf as buffer_address,
  bytesOf as buffer_bytes,
  create as buffer_create,
} from "./shared-buffer";
export {
  neverBlock as never_block,
  sleep,
  sleepAddress as sleep_address,
  sleepValue as sleep_value,
  WAIT,
} from "./sleep";
export {
  attach,
  create as create_space,
  enoughCores as enough_cores,
  enterAs as enter_as,
  guardian,
  identity,
  incarnationOf as incarnation_of,
  isLive as is_live,
  isSpace as is_space,
  isWatchable as is_watchable,
  nextIncarnation as next_incarnation,
  setGuardian as set_guardian,
  setWatchable as set_watchable,
  sleepsAt as sleeps_at,
  slotOf as slot_of,
  workers,
} from "./space";
export {
  create as ticket_lock_create,
  giveUp as ticket_lock_give_up,
  isForced as ticket_lock_is_forced,
  isStrict as ticket_lock_is_strict,
  look as ticket_lock_look,
  take as ticket_lock_take,
  tryLock as ticket_lock_try,
  unlock as ticket_lock_unlock,
} from "./ticket-lock";
export {
  beginWait as begin_wait,
  closesCycle as closes_cycle,
  describe as describe_worker,
  endWait as end_wait,
  has,
  heldBy as held_by,
  isSameCycle as is_same_cycle,
  keeperIn as keeper_in,
  notesOf as notes_of,
  stuckBytes as stuck_bytes,
  threadOf as thread_of,
  waitsForOf as waits_for,
} from "./wait-graph";
