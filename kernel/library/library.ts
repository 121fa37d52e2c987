/** What the library's module exports: src/library calls it, and the checked machine executes its proofs. */
export { allocate, allocateLines, release } from "./allocator";
export {
  arrive as barrier_arrive,
  attempt as barrier_attempt,
  create as barrier_create,
  giveUp as barrier_give_up,
  join as barrier_join,
  leave as barrier_leave,
} from "./barrier";
export {
  attempt as condition_attempt,
  create as condition_create,
  join as condition_join,
  notify as condition_notify,
  retire as condition_retire,
  settle as condition_settle,
} from "./condition";
export {
  attempt as event_attempt,
  create as event_create,
  isSet as event_is_set,
  resetEvent as event_reset,
  setEvent as event_set,
  word as event_word,
} from "./event";
export { ASYNCHRONOUS, FRESH, SLEPT } from "./lock-word";
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
export { freeObject as free_object } from "./objects";
export { attempt as once_attempt, create as once_create, end as once_end, isDone as once_is_done } from "./once";
export { barrier_prove_end, barrier_prove_init, barrier_prove_run } from "./proofs/barrier";
export { condition_prove_end, condition_prove_init, condition_prove_run } from "./proofs/condition";
export { event_prove_end, event_prove_init, event_prove_run } from "./proofs/event";
export { mutex_prove_end, mutex_prove_init, mutex_prove_run } from "./proofs/mutex";
export { once_prove_end, once_prove_init, once_prove_run } from "./proofs/once";
export { prove_death } from "./proofs/worker";
export { repair } from "./repair";
export { sleep, sleepAddress as sleep_address, sleepValue as sleep_value, WAIT } from "./sleep";
export {
  attach,
  create as create_space,
  enterAs as enter_as,
  guardian,
  identity,
  incarnationOf as incarnation_of,
  isLive as is_live,
  isSpace as is_space,
  isWatchable as is_watchable,
  setGuardian as set_guardian,
  setWatchable as set_watchable,
  sleepsAt as sleeps_at,
  workers,
} from "./space";
