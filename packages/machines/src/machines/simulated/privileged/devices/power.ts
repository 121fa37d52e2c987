import { COMMAND } from "../../../../program/privileged.js";
import type { Device } from "./device.js";

/** Stops the machine, at once. */
export class Power implements Device {
  readonly kind = "power";
  readonly blocks = 0;
  readonly busy = 0;
  readonly #stop: (status: number, now: number) => void;

  constructor(stop: (status: number, now: number) => void) {
    this.#stop = stop;
  }

  request(command: number, status: number, _: number, now: number): string | undefined {
    if (command !== COMMAND.write)
      return `received command ${command}; expected ${COMMAND.write}, a write of the status`;
    this.#stop(status | 0, now);
    return undefined;
  }
}
