/** What the kernel exports beside its algorithms, whose entries the build makes from their files. */
import * as atomics from "./atomics";

export { set_patience } from "./delays/patience";
export { set_slot } from "./delays/slot";
export { setCores as set_cores } from "./library/space";
export { Counter, Event, Failure } from "./machine";
export { allocated, boot, CACHE_LINE, home, LOCAL_BYTES, local, SHARED_BYTES, shared } from "./memory/placement";
export {
  bystander_longest,
  bystander_prepare,
  bystander_reads,
  bystander_run,
  bystander_total,
} from "./workloads/bystander";
export {
  experiment_begin,
  experiment_done,
  experiment_end,
  experiment_longest_wait,
  experiment_object,
  experiment_protected,
  experiment_stop,
  experiment_total_wait,
  experiment_waiting_since,
  FOREVER,
} from "./workloads/experiment";
export {
  mix_begin,
  mix_end,
  mix_executions,
  mix_footprint,
  mix_profiling,
  mix_references,
  mix_shared_misses,
} from "./workloads/mix";
export { objects_time } from "./workloads/objects";
export {
  probe_chase,
  probe_instructions,
  probe_pauses,
  probe_read_modify_writes,
  probe_round_trips,
  probe_wakes,
} from "./workloads/probe";
export { tasks_deciding, tasks_first_row, tasks_rows } from "./workloads/tasks";

export function test_and_set(address: usize): bool {
  return atomics.test_and_set(address);
}

export function fetch_and_increment(address: usize): u32 {
  return atomics.fetch_and_increment(address);
}

export function fetch_and_decrement(address: usize): u32 {
  return atomics.fetch_and_decrement(address);
}

export function fetch_and_store(address: usize, value: u32): u32 {
  return atomics.fetch_and_store(address, value);
}

export function compare_and_swap(address: usize, expected: u32, replacement: u32): bool {
  return atomics.compare_and_swap(address, expected, replacement);
}
