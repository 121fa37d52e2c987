/**
 * Pool: numbers that are handed out and given back, addresses of frames or blocks of a disk.
 *
 *     | lock | count | random | number 0 | number 1 | ... |
 *
 * The free ones are the first `count`. The last is handed out; or any, where `random` is not 0.
 */
import * as lock from "../locks/test-and-test-and-set";
import { random } from "../random";
import { NONE, reserve } from "./physical";

@unmanaged
export class Pool {
  lock: u32;
  count: u32;
  random: u32;

  /** Room for so many. */
  static reserve(most: u32): Pool {
    return changetype<Pool>(reserve(offsetof<Pool>() + 4 * most));
  }

  /** A number that nobody else has; NONE if all are in use. */
  take(): u32 {
    lock.acquire(this.address, 0);
    let number = NONE;
    if (this.count > 0) {
      const last = this.slot(--this.count);
      const chosen =
        this.random == 0 ? last : this.slot(random(this.address + offsetof<Pool>("random"), this.count + 1));
      number = load<u32>(chosen);
      store<u32>(chosen, load<u32>(last));
    }
    lock.release(this.address, 0);
    return number;
  }

  give(number: u32): void {
    lock.acquire(this.address, 0);
    store<u32>(this.slot(this.count++), number);
    lock.release(this.address, 0);
  }

  private get address(): usize {
    return changetype<usize>(this);
  }

  private slot(i: u32): usize {
    return this.address + offsetof<Pool>() + 4 * i;
  }
}
