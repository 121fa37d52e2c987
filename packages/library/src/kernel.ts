/** The library's kernel in this worker: kernel/library, instantiated on a space's memory. */
import type { Memory } from "./memory.js";
import { instructionsBytes, libraryBytes } from "./modules.js";

/** A variable of the kernel's. */
interface Variable {
  readonly value: number;
}

/**
 * What kernel/library/library.ts exports. Addresses, slots and results are 32-bit integers, signed as the engine gives
 * them.
 */
export interface LibraryKernel {
  readonly WAIT: Variable;
  /** Where the last attempt said to sleep, and while which value is there. */
  readonly sleep_address: Variable;
  readonly sleep_value: Variable;
  create_space(workers: number, cores: number, identityLow: number, identityHigh: number): number;
  is_space(): number;
  identity(half: number): number;
  workers(): number;
  /** The number of the thread that repairs, 0 for none. */
  guardian(): number;
  set_guardian(thread: number): void;
  /** Of one use of the space by one worker. */
  next_incarnation(): number;
  /** Returns a slot, 0 if all are taken. */
  attach(incarnation: number, competing: number): number;
  is_live(slot: number): number;
  /** 0: nobody has the slot. */
  incarnation_of(slot: number): number;
  /** 0: it has none. */
  slot_of(incarnation: number): number;
  /** Whether the guardian can wait for the end of the slot's worker; in browsers. */
  is_watchable(slot: number): number;
  set_watchable(slot: number): void;
  sleeps_at(slot: number): number;
  /** Of what has the incarnation, if anything has. 0, where the guardian calls it: to be done again in a moment. */
  repair_worker(incarnation: number): number;
  /** After `repair_worker` trapped, in the guardian: so that it can be called again. Returns what is left out. */
  leave_out(incarnation: number): number;
  /** Whether all workers that compete for cores can run at once. */
  enough_cores(): number;
  /** Of a worker that does not block: whether it has something to do. */
  set_competing(isNow: number): void;
  enter_as(slot: number): void;
  /** To be called first by a thread that must not block: where others would sleep for a moment, it spins. */
  never_block(): void;
  /** Blocks; 0: the time is over. */
  sleep(milliseconds: number): number;
  /** 0: no room. */
  allocate(bytes: number): number;
  allocate_lines(bytes: number): number;
  /** RELEASED, NOT_A_BLOCK or FREED_BEFORE. */
  release(address: number): number;
  /** 0: no block in use begins there. */
  block_bytes(address: number): number;
  /** 0: nobody's, its worker is gone. */
  block_owner(address: number): number;
  /** 0: there is none after the address. */
  next_block(address: number): number;
  /** 0: none has the name. */
  name_find(name: number, bytes: number): number;
  /** The object that has the name now; 0: no room; 1: the object was freed. */
  name_bind(name: number, bytes: number, object: number, identity: number): number;
  /** The identity of what these two returned. */
  readonly named_identity: Variable;
  /** 0: it was freed before. */
  free_object(object: number, identity: number): number;
  /** Whether it is that of an object. */
  is_object(object: number, identity: number): number;
  /** Whether an object with that identity is there, or was, and has been freed. */
  is_place(object: number, identity: number): number;
  /** Begins what needs the object's memory to stay what it is; 0: it was freed. */
  enter_object(object: number, identity: number): number;
  leave_object(): void;
  /** 0: none. */
  entered_by(slot: number): number;
  /** Bytes that wait for the worker to leave that. */
  held_up_by(slot: number): number;
  /** Keeps room for one held object; 0: the space is full. */
  promise_room(): number;
  /** Uses that room, or lets it go. */
  keep_promise(): void;
  /** Takes an object that was freed off the list of what the worker holds. */
  forget_freed(object: number, identity: number): void;
  buffer_create(bytes: number): number;
  buffer_address(buffer: number): number;
  buffer_bytes(buffer: number): number;
  /** 0: the default batch. */
  counter_create(batch: number): number;
  counter_batch(counter: number): number;
  counter_add(counter: number, amount: number): void;
  /** The same, of a safe integer of more than 32 bits. */
  counter_add_number(counter: number, amount: number): void;
  counter_approximate(counter: number): number;
  counter_exact(counter: number): number;
  counter_compare(counter: number, limit: number): number;
  readonly BUCKETS: Variable;
  histogram_create(): number;
  /** A safe integer, not negative. 0: no room. */
  histogram_record(histogram: number, value: number): number;
  histogram_epoch(histogram: number): number;
  histogram_count(histogram: number, bucket: number): number;
  histogram_lower_bound(bucket: number): number;
  histogram_sum(histogram: number): number;
  histogram_least(histogram: number): number;
  histogram_most(histogram: number): number;
  histogram_reset(histogram: number): void;
  channel_create(capacity: number, codec: number): number;
  channel_capacity(channel: number): number;
  channel_codec(channel: number): number;
  channel_end(channel: number): number;
  channel_used(channel: number): number;
  channel_is_closed(channel: number): number;
  channel_close(channel: number): number;
  channel_reserve(channel: number, bytes: number, as: number): number;
  channel_commit(channel: number): void;
  channel_cancel(channel: number): void;
  channel_take(channel: number, as: number): number;
  channel_finish(channel: number): void;
  channel_put_back(channel: number): void;
  /** Who waits for whom; kernel/library/wait-graph.ts. */
  begin_wait(object: number): void;
  /** Of a call's A-stack, before the worker sleeps. 1: that may close a cycle, which `closes_cycle` knows. */
  begin_call(service: number, stack: number): number;
  /** The A-stack of the call that a worker sleeps for; 0: none. */
  call_of(slot: number): number;
  closes_cycle(stuck: number): number;
  is_same_cycle(stuck: number): number;
  keeper_in(stuck: number, slot: number): number;
  /** Bytes of what `closes_cycle` writes. */
  stuck_bytes(): number;
  end_wait(): void;
  describe_worker(thread: number, notes: number): void;
  notes_of(slot: number): number;
  /** -1: the worker has not said. */
  thread_of(slot: number): number;
  waits_for(slot: number): number;
  /** 0: the worker's list has no more. */
  held_by(slot: number, index: number): number;
  /** Of an object on the worker's list. */
  has(slot: number, object: number): number;
  mutex_create(strict: number): number;
  mutex_is_strict(mutex: number): number;
  mutex_try_lock(mutex: number, identity: number): number;
  mutex_attempt(mutex: number, as: number): number;
  mutex_give_up(mutex: number): void;
  mutex_unlock(mutex: number, identity: number): number;
  mutex_owner(mutex: number): number;
  mutex_contentions(mutex: number): number;
  rw_lock_create(strict: number): number;
  rw_lock_is_strict(lock: number): number;
  rw_lock_attempt(lock: number, as: number): number;
  rw_lock_give_up(lock: number): void;
  rw_lock_unlock(lock: number): number;
  rw_lock_attempt_shared(lock: number, as: number): number;
  rw_lock_give_up_shared(lock: number): void;
  rw_lock_unlock_shared(lock: number): number;
  semaphore_create(permits: number): number;
  semaphore_initial(semaphore: number): number;
  semaphore_available(semaphore: number): number;
  semaphore_try_acquire(semaphore: number, permits: number): number;
  semaphore_attempt(semaphore: number, permits: number, as: number, looks: number): number;
  semaphore_give_up(semaphore: number): void;
  semaphore_release(semaphore: number, permits: number): number;
  semaphore_consume(semaphore: number, permits: number): number;
  semaphore_add(semaphore: number, permits: number): number;
  ticket_lock_create(strict: number, forced: number): number;
  ticket_lock_is_strict(lock: number): number;
  ticket_lock_is_forced(lock: number): number;
  ticket_lock_try(lock: number): number;
  ticket_lock_take(lock: number): number;
  ticket_lock_look(lock: number, looks: number): number;
  ticket_lock_give_up(lock: number): void;
  ticket_lock_unlock(lock: number): number;
  mcs_lock_create(strict: number, forced: number): number;
  mcs_lock_is_strict(lock: number): number;
  mcs_lock_is_forced(lock: number): number;
  mcs_lock_try(lock: number): number;
  mcs_lock_acquire(lock: number): number;
  mcs_lock_unlock(lock: number): number;
  barrier_create(parties: number, fanIn: number): number;
  barrier_parties(barrier: number): number;
  /** A seat, or 0: all are taken, 4: the worker holds too much. */
  barrier_join(barrier: number, own: number): number;
  barrier_arrive(barrier: number, seat: number, waits: number): number;
  barrier_attempt(barrier: number, seat: number, as: number): number;
  barrier_give_up(seat: number): void;
  barrier_leave(barrier: number, seat: number): number;
  condition_create(): number;
  /** A node, or 0: the space is full, 4: the worker holds too much. */
  condition_join(condition: number): number;
  condition_attempt(condition: number, node: number, as: number): number;
  /** 1: it was notified; 7: the condition was freed. */
  condition_settle(condition: number, identity: number, node: number): number;
  condition_retire(condition: number, identity: number, node: number): void;
  condition_notify(condition: number, most: number): number;
  event_create(): number;
  event_word(event: number): number;
  event_is_set(event: number): number;
  /** 0: the worker holds too much. */
  event_set(event: number): number;
  event_reset(event: number): void;
  event_attempt(event: number, before: number, as: number): number;
  doorbell_heard(): number;
  /** WAIT. */
  doorbell_await(sequence: number): number;
  latch_create(counts: number): number;
  latch_initial(latch: number): number;
  latch_left(latch: number): number;
  latch_is_abandoned(latch: number): number;
  latch_attempt(latch: number, as: number): number;
  /** 0, 4: the worker holds too much, or 5: fewer are left. */
  latch_count_down(latch: number, counts: number): number;
  latch_promise(latch: number, counts: number): number;
  /** 0: no room. */
  pool_create(executors: number, jobs: number, keys: number, policy: number, parameter: number): number;
  pool_capacity(pool: number): number;
  pool_executors(pool: number): number;
  pool_policy(pool: number): number;
  /** OPEN, CLOSED or ENDED; kernel/library/pool.ts. */
  pool_state(pool: number): number;
  pool_maker(pool: number): number;
  pool_job_at(pool: number, job: number): number;
  pool_executor_line(pool: number, executor: number): number;
  pool_is_there(pool: number, executor: number): number;
  pool_queued(pool: number): number;
  /** 0: the worker holds too much. */
  pool_join(pool: number): number;
  /** A job in FILLING; NO_JOB or HOLDS_TOO_MUCH. */
  pool_begin(pool: number, hint: number): number;
  pool_want(pool: number): void;
  /** An address; 0: the space is full. */
  pool_room_for_arguments(pool: number, job: number, bytes: number): number;
  pool_room_for_result(pool: number, job: number, bytes: number): number;
  /** 0: nobody executes anything any more; the second, also: the executor is not there. */
  pool_submit(pool: number, job: number, key: number, base: number, now: number): number;
  pool_submit_to(pool: number, job: number, executor: number, now: number): number;
  /** How many numbers there are at `pool_drained`. */
  pool_drain(pool: number): number;
  pool_drained(pool: number): number;
  pool_bell_of_slot(pool: number): number;
  /** The bell's number. */
  pool_arm(pool: number): number;
  pool_watch(pool: number, looks: number): number;
  pool_set_backlog(pool: number, count: number): void;
  /** TAKEN_BACK, TOLD or OVER; kernel/library/pool.ts. */
  pool_cancel(pool: number, job: number): number;
  pool_reuse(pool: number, job: number): void;
  pool_free(pool: number, job: number): void;
  /** 0: the number is another worker's. */
  pool_come(pool: number, executor: number): number;
  /** A job, NO_JOB or LATER. */
  pool_take(pool: number, executor: number, now: number): number;
  pool_mail(pool: number, executor: number): number;
  pool_accept(pool: number, executor: number, job: number, now: number): number;
  pool_claim(pool: number, executor: number, job: number, now: number): number;
  pool_ask(pool: number, job: number): void;
  pool_answered(pool: number, job: number): void;
  pool_post(pool: number, executor: number, job: number): void;
  pool_complete(pool: number, job: number, how: number): void;
  pool_warm(pool: number, executor: number, key: number): void;
  pool_bell_of_executor(pool: number, executor: number): number;
  pool_watch_bell(pool: number, executor: number, number: number, looks: number): number;
  pool_wait(pool: number, executor: number, now: number): number;
  pool_procrastinate(pool: number, bound: number): void;
  pool_rest(pool: number, executor: number): number;
  pool_leave(pool: number, executor: number): void;
  /** GROWTH and REQUEST, and that an executor died; kernel/library/pool.ts. */
  pool_attend(pool: number): number;
  /** NO_JOB: none. */
  pool_dead_from(pool: number, executor: number): number;
  pool_lost(pool: number, executor: number, from: number): number;
  pool_set_growable(pool: number, could: number): void;
  pool_doom(pool: number, job: number): void;
  /** NO_JOB: none. */
  pool_doomed_from(pool: number, job: number): number;
  pool_die(pool: number, job: number, how: number): void;
  pool_settle(pool: number, executor: number): void;
  pool_close(pool: number): void;
  pool_end(pool: number): void;
  pool_is_empty(pool: number): number;
  /** 0: no room. */
  map_create(partitions: number, seed0: number, seed1: number, seed2: number, seed3: number): number;
  map_partitions(map: number): number;
  /** 0: no room. */
  map_scratch(): number;
  /** A block for a node whose headers are written at `at`; 0: no room; or FREED. */
  map_block(map: number, identity: number, at: number): number;
  /** ABSENT, IS_NUMBER, FREED; a node or IS_MADE, and then `leave_object` has to follow; kernel/library/map.ts. */
  map_find(map: number, identity: number, at: number): number;
  map_has(map: number, identity: number, at: number): number;
  map_number(node: number): number;
  /** 0 or FREED; a node, and then `leave_object` has to follow. */
  map_after(map: number, identity: number, partition: number, order: number): number;
  /** 0: it was the last one. */
  map_next(node: number): number;
  /** -1: it was freed. */
  map_size(map: number, identity: number, passes: number): number;
  /** DONE, OTHERWISE, FULL or FREED; kernel/library/map-write.ts. */
  map_put(map: number, identity: number, at: number, isBlock: number, condition: number): number;
  map_remove(map: number, identity: number, at: number, condition: number): number;
  /** A Mutex that was in the placeholder that the last write took away, and its identity; 0: none was. */
  map_maker(): number;
  map_maker_identity(): number;
  /** 0: it was freed. */
  map_clear(map: number, identity: number): number;
  /** 0: no room. */
  cache_create(
    partitions: number,
    ghosts: number,
    units: number,
    entries: number,
    seed0: number,
    seed1: number,
    seed2: number,
    seed3: number,
  ): number;
  /** ABSENT, FREED; a node, and then `leave_object` has to follow; kernel/library/cache.ts. */
  cache_find(cache: number, identity: number, at: number, now: number, what: number, kept: number): number;
  /** As `map_block`. */
  cache_block(cache: number, identity: number, at: number, now: number): number;
  /** As `map_put`. */
  cache_put(cache: number, identity: number, at: number, isBlock: number, condition: number, now: number): number;
  cache_remove(cache: number, identity: number, at: number, condition: number): number;
  /** 0: it was freed. */
  cache_clear(cache: number, identity: number): number;
  cache_is_loading(cache: number, identity: number): number;
  /** To be called inside of the object. */
  cache_add(cache: number, which: number, more: number): void;
  cache_sum(cache: number, which: number): number;
  cache_evictions(cache: number): number;
  cache_units(cache: number): number;
  /** `served`: workers that a representative serves, 0 for all. 0: no room. */
  clustered_create(served: number, rootWords: number, ownWords: number, describedBytes: number): number;
  clustered_description(clustered: number): number;
  clustered_described(clustered: number): number;
  /** Where the root's words are. */
  clustered_root(clustered: number): number;
  clustered_representatives(clustered: number): number;
  /** Where those of a representative are; 0: no worker has used it yet. */
  clustered_words(clustered: number, representative: number): number;
  /** Where those are of the representative that serves this worker. */
  clustered_join(clustered: number): number;
  /** A block with room for an update, for the version that is `replicated_version`; NO_ROOM, TOO_LONG or FREED; kernel/library/clustered.ts. */
  clustered_extend(clustered: number, identity: number, bytes: number, most: number): number;
  word_load(word: number): number;
  word_store(word: number, value: number): void;
  /** What was there before; and so the next. */
  word_add(word: number, value: number): number;
  word_compare_exchange(word: number, expected: number, value: number): number;
  replicated_create(bytes: number): number;
  /** A block; 0: no room. */
  replicated_room(bytes: number): number;
  replicated_is_still(replicated: number, version: number, block: number): number;
  /** To be called inside of the object. */
  replicated_keep(replicated: number): void;
  replicated_let_go(replicated: number): void;
  /** REPLACED, CHANGED, HOLDS_TOO_MANY or FREED; kernel/library/replicated.ts. */
  replicated_replace(replicated: number, identity: number, block: number, isExpected: number, expected: number): number;
  /** The block of the value; 0: it was freed. */
  replicated_look(replicated: number): number;
  /** What the last `replicated_replace` has made, or `replicated_look` has seen. */
  readonly replicated_version: Variable;
  replicated_attempt(replicated: number, version: number, as: number): number;
  /** 0: the space is full. */
  service_create(stacks: number, bytes: number): number;
  /** How many A-stacks all workers share. */
  service_shared(service: number): number;
  /** How many there are, with one of each slot's own. */
  service_stacks(service: number): number;
  /** Of an A-stack's room: at least what was asked for. */
  service_bytes(service: number): number;
  /** OPEN or CLOSING; kernel/library/service.ts. */
  service_state(service: number): number;
  /** A block, which goes with the service; 0: none. */
  service_description(service: number): number;
  service_describe(service: number, block: number): void;
  service_is_served(service: number): number;
  service_serves(service: number, slot: number): number;
  service_stack_at(service: number, index: number): number;
  /** A slot's own. */
  service_stack_of(service: number, slot: number): number;
  /** An A-stack's phase; kernel/library/service.ts. */
  service_phase(stack: number): number;
  /** Its server while it is RUNNING or ORPHANED, else its caller; 0: it is FREE. */
  service_slot(stack: number): number;
  service_caller(stack: number): number;
  service_procedure(stack: number): number;
  service_length(stack: number): number;
  service_arguments_at(stack: number): number;
  service_answer_at(stack: number): number;
  /** A shared A-stack, `hint` if that is free; NONE_FREE, IS_CLOSING or HOLDS_TOO_MUCH; kernel/library/service.ts. */
  service_claim(service: number, identity: number, hint: number): number;
  /** That of the worker's slot; or as `service_claim`. */
  service_claim_own(service: number, identity: number): number;
  /** An address; 0: the space is full. */
  service_room_for_arguments(service: number, stack: number, bytes: number): number;
  service_room_for_answer(service: number, stack: number, bytes: number): number;
  service_call(service: number, stack: number, procedure: number, bytes: number): void;
  /** The phase: CALLED or RUNNING if there is no answer yet. */
  service_watch_answer(stack: number, looks: number): number;
  /** By a shared A-stack, with what stands for the first four arguments: numbers, or lengths of what is in the room. */
  service_call_values(
    service: number,
    stack: number,
    procedure: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void;
  /** By the A-stack of the worker's slot, and watches so long for the answer: as `service_watch_answer`. */
  service_call_own(service: number, procedure: number, bytes: number, looks: number): number;
  /** As `service_call_own`, with such arguments: what stands for the answer. The phase is at `service_outcome`. */
  service_call_own_values(
    service: number,
    procedure: number,
    a: number,
    b: number,
    c: number,
    d: number,
    looks: number,
  ): number;
  /**
   * Claims the A-stack of the worker's slot, calls, and lets it go if the outcome is ANSWERED. Else the call goes on; but if the
   * outcome is NONE_FREE or, negated, IS_CLOSING or HOLDS_TOO_MUCH.
   */
  service_call_numbers(
    service: number,
    identity: number,
    procedure: number,
    a: number,
    b: number,
    c: number,
    d: number,
    looks: number,
  ): number;
  /** Where the outcome of the worker's call is written. */
  service_outcome(): number;
  service_release(service: number, stack: number): void;
  /** The phase that it had. */
  service_give_up(service: number, stack: number): number;
  /** The bell rings when an A-stack becomes free: to be followed by `service_arm` and `service_claim`. */
  service_want(service: number): void;
  /** The bells ring when a service may be idle: to be followed by `service_arm`, and by a look. */
  service_want_idle(service: number): void;
  service_stop_wanting_idle(): void;
  /** 0, IS_CLOSING or HOLDS_TOO_MUCH. */
  service_join(service: number): number;
  service_leave(service: number): void;
  service_close(service: number): void;
  service_is_idle(service: number): number;
  /** An A-stack in RUNNING; 0: nobody calls. */
  service_take(service: number): number;
  service_watch(service: number, looks: number): number;
  /** 0: nobody wants the answer any more. */
  service_answer(service: number, stack: number, threw: number, bytes: number): number;
  service_answer_and_watch(service: number, stack: number, threw: number, bytes: number, looks: number): number;
  /** What stands for an answer; the next call, or 0. */
  service_answer_value(service: number, stack: number, value: number, looks: number): number;
  /** The number to sleep with, after a look at all that is waited for. */
  service_arm(service: number): number;
  /** Where a worker sleeps that does not block: one word for all services. */
  service_bell(): number;
  /** 0: the time is over. Below 0 milliseconds: for ever. */
  service_sleep(service: number, number: number, milliseconds: number): number;
  service_wake(service: number): void;
  once_create(): number;
  once_is_done(once: number): number;
  once_attempt(once: number, as: number): number;
  once_end(once: number, done: number): void;
}

/** An attempt's result: the caller has to wait; kernel/library/sleep.ts. */
export const WAIT = -1;

/** Results of `release`; kernel/library/allocator.ts. */
export const RELEASED = 0;
export const NOT_A_BLOCK = 1;
export const FREED_BEFORE = 2;

/** How an attempt is made; kernel/library/lock-word.ts. */
export const FRESH = 0;
export const SLEPT = 1;
export const ASYNCHRONOUS = 2;
export const NOW = 3;

/** One for all spaces of this worker: it has no state, but a memory of its own, which takes address space. */
let instructions: WebAssembly.Exports | undefined;
let library: WebAssembly.Module | undefined;

export function instantiate(memory: Memory): LibraryKernel {
  instructions ??= new WebAssembly.Instance(new WebAssembly.Module(instructionsBytes)).exports;
  library ??= new WebAssembly.Module(libraryBytes);
  const fail = (reason: number) => {
    throw new Error(`Cannot go on: received failure ${reason} of the library's kernel; expected none`);
  };
  const { exports } = new WebAssembly.Instance(library, {
    env: { memory },
    machine: { ...instructions, fail },
  });
  // A copy, which `refuse` can change.
  return { ...exports } as unknown as LibraryKernel;
}

/** Makes every function of a kernel throw from now on. */
export function refuse(kernel: LibraryKernel, refusal: () => never): void {
  for (const [name, value] of Object.entries(kernel)) {
    if (typeof value === "function") (kernel as unknown as Record<string, unknown>)[name] = refusal;
  }
}

/** By what a space is known in all workers. */
export function identityOf(kernel: LibraryKernel): string {
  return `${kernel.identity(0)} ${kernel.identity(1)}`;
}
