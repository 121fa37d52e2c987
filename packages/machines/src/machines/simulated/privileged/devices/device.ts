import type { DeviceKind } from "../../../../program/privileged.js";

/** Physical memory, as devices reach it: coherently, line by line, in simulated time. */
export interface Transfers {
  /** Writes bytes from an address on; then calls `done`. */
  toMemory(address: number, bytes: Uint8Array, now: number, done: (now: number) => void): void;
  /** Reads so many bytes from an address on; then calls `done` with them. */
  fromMemory(address: number, length: number, now: number, done: (now: number, bytes: Uint8Array) => void): void;
}

/** What a device is given. */
export interface DeviceSurroundings {
  /** Bytes of a page. */
  readonly page: number;
  /** Bytes of physical memory. */
  readonly memory: number;
  readonly transfers: Transfers;
  /** Calls a function at a time of the simulation. */
  readonly schedule: (time: number, run: (now: number) => void) => void;
}

/** What a kernel starts with `io`. Requests end in the order in which the device chooses to serve them. */
export interface Device {
  readonly kind: DeviceKind;
  /** Of a disk, as long as a page each; 0 of others. */
  readonly blocks: number;
  /** Cycles for which it has served requests so far. */
  readonly busy: number;
  /**
   * Starts a request.
   *
   * @param completed called once, when it has ended
   * @returns why it cannot, for the kernel's programmer: "received block 9; expected 0 to 7"; undefined if it can
   */
  request(command: number, a: number, b: number, now: number, completed: (now: number) => void): string | undefined;
}
