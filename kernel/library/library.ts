/** What the library's module exports: packages/library calls it. */
export {
  answerAt as service_answer_at,
  argumentsAt as service_arguments_at,
  callerOf as service_caller,
  lengthOf as service_length,
  phaseOf as service_phase,
  procedureOf as service_procedure,
  slotOf as service_slot,
} from "./a-stack";
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
  add as cache_add,
  create as cache_create,
  evictionsOf as cache_evictions,
  find as cache_find,
  isLoading as cache_is_loading,
  sumOf as cache_sum,
  unitsIn as cache_units,
} from "./cache";
export { blockFor as cache_block, clear as cache_clear, put as cache_put, remove as cache_remove } from "./cache-write";
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
  create as clustered_create,
  describedBytes as clustered_described,
  descriptionOf as clustered_description,
  extend as clustered_extend,
  join as clustered_join,
  representativesOf as clustered_representatives,
  rootOf as clustered_root,
  wordAdd as word_add,
  wordCompareExchange as word_compare_exchange,
  wordLoad as word_load,
  wordStore as word_store,
  wordsOf as clustered_words,
} from "./clustered";
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
  enteredBy as entered_by,
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
export { forgetFreed as forget_freed, keepPromise as keep_promise, promiseRoom as promise_room } from "./holdings";
export { heldUpBy as held_up_by } from "./holds-up";
export {
  attempt as latch_attempt,
  countDown as latch_count_down,
  countsAtFirst as latch_initial,
  create as latch_create,
  isAbandoned as latch_is_abandoned,
  left as latch_left,
  promise as latch_promise,
} from "./latch";
export {
  after as map_after,
  create as map_create,
  find as map_find,
  has as map_has,
  next as map_next,
  numberAt as map_number,
  scratch as map_scratch,
  size as map_size,
} from "./map";
export { partitionsOf as map_partitions } from "./map-layout";
export {
  blockFor as map_block,
  clear as map_clear,
  makerIdentity as map_maker_identity,
  makerTaken as map_maker,
  put as map_put,
  remove as map_remove,
} from "./map-write";
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
  capacityOf as pool_capacity,
  create as pool_create,
  executorLine as pool_executor_line,
  executorsOf as pool_executors,
  isThere as pool_is_there,
  jobAt as pool_job_at,
  join as pool_join,
  makerOf as pool_maker,
  policyNumberOf as pool_policy,
  post as pool_post,
  queued as pool_queued,
  stateOf as pool_state,
} from "./pool";
export {
  accept as pool_accept,
  answered as pool_answered,
  ask as pool_ask,
  bellOfExecutor as pool_bell_of_executor,
  claim as pool_claim,
  come as pool_come,
  complete as pool_complete,
  leave as pool_leave,
  mailOf as pool_mail,
  procrastinate as pool_procrastinate,
  rest as pool_rest,
  roomForResult as pool_room_for_result,
  take as pool_take,
  wait as pool_wait,
  warm as pool_warm,
  watchBell as pool_watch_bell,
} from "./pool-executor";
export {
  attend as pool_attend,
  close as pool_close,
  deadFrom as pool_dead_from,
  die as pool_die,
  doomedFrom as pool_doomed_from,
  end as pool_end,
  isEmpty as pool_is_empty,
  lost as pool_lost,
  setGrowable as pool_set_growable,
  settle as pool_settle,
} from "./pool-maker";
export {
  arm as pool_arm,
  begin as pool_begin,
  bellOfSlot as pool_bell_of_slot,
  cancel as pool_cancel,
  doom as pool_doom,
  drain as pool_drain,
  drained as pool_drained,
  free as pool_free,
  reuse as pool_reuse,
  roomForArguments as pool_room_for_arguments,
  setBacklog as pool_set_backlog,
  submit as pool_submit,
  submitTo as pool_submit_to,
  want as pool_want,
  watch as pool_watch,
} from "./pool-submitter";
export { leaveOut as leave_out, repairWorker as repair_worker } from "./repair";
export {
  attempt as replicated_attempt,
  create as replicated_create,
  isStill as replicated_is_still,
  keep as replicated_keep,
  lastVersion as replicated_version,
  letGo as replicated_let_go,
  look as replicated_look,
  replace as replicated_replace,
  room as replicated_room,
} from "./replicated";
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
  bytesOf as service_bytes,
  create as service_create,
  describe as service_describe,
  descriptionOf as service_description,
  isServed as service_is_served,
  serves as service_serves,
  sharedOf as service_shared,
  stackAt as service_stack_at,
  stackOf as service_stack_of,
  stacksOf as service_stacks,
  stateOf as service_state,
  stopWantingIdle as service_stop_wanting_idle,
  want as service_want,
  wantIdle as service_want_idle,
} from "./service";
export {
  call as service_call,
  callValues as service_call_values,
  claim as service_claim,
  freeStack as service_release,
  giveUp as service_give_up,
  roomForArguments as service_room_for_arguments,
} from "./service-caller";
export {
  callNumbers as service_call_numbers,
  callOwn as service_call_own,
  callOwnValues as service_call_own_values,
  claimOwn as service_claim_own,
  outcomePlace as service_outcome,
  watchAnswer as service_watch_answer,
} from "./service-own";
export {
  answer as service_answer,
  answerAndWatch as service_answer_and_watch,
  answerValue as service_answer_value,
  arm as service_arm,
  bellOfMine as service_bell,
  close as service_close,
  isIdle as service_is_idle,
  join as service_join,
  leave as service_leave,
  next as service_take,
  roomForAnswer as service_room_for_answer,
  sleep as service_sleep,
  wake as service_wake,
  watch as service_watch,
} from "./service-server";
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
  setCompeting as set_competing,
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
  beginCall as begin_call,
  beginWait as begin_wait,
  callOf as call_of,
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
