/** What the checked machine executes of clustered objects: the entries of their proofs. */

export {
  clustered_prove_alone_init,
  clustered_prove_bound,
  clustered_prove_degrees,
  clustered_prove_dropped,
  clustered_prove_memory,
  clustered_prove_overlap,
  clustered_prove_presence,
  clustered_prove_references,
  clustered_prove_retired,
  clustered_prove_strangers,
} from "./alone";
export {
  clustered_prove_destroy,
  clustered_prove_destroy_and_create,
  clustered_prove_destroy_and_go,
  clustered_prove_destroyed_once,
  clustered_prove_go,
  clustered_prove_init,
  clustered_prove_init_two,
  clustered_prove_init_warm,
  clustered_prove_nothing_lost,
  clustered_prove_one_each,
  clustered_prove_use,
  clustered_prove_use_and_destroy,
  clustered_prove_use_and_return,
  clustered_prove_use_and_stay,
  clustered_prove_use_both_destroy_one,
  clustered_prove_use_both_destroy_other,
  clustered_prove_use_twice,
  clustered_prove_use_within,
} from "./objects";
export { clustered_prove_death } from "./scene";
