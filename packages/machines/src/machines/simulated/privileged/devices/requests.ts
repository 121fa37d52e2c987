import { COMMAND } from "../../../../program/privileged.js";
import type { BootedProcessor } from "../booted-processor.js";
import type { Interrupts } from "../interrupts.js";
import type { Device } from "./device.js";

/** Requests of all devices that have not ended. */
const MOST = 65_536;

/** What kernels ask of devices: numbered from 1 on, and ended by an interrupt of the processor that asked. */
export class Requests {
  readonly devices: readonly Device[];
  /** By device: how many it was given. */
  readonly given: number[];
  readonly #interrupts: Interrupts;
  #last = 0;
  /** Those that have not ended. */
  #underWay = 0;

  constructor(devices: readonly Device[], interrupts: Interrupts) {
    this.devices = devices;
    this.given = devices.map(() => 0);
    this.#interrupts = interrupts;
  }

  /**
   * Starts a request; its number.
   *
   * @throws {RangeError} for the kernel's programmer, if there is no such device, or it cannot
   */
  start(processor: BootedProcessor, number: number, command: number, a: number, b: number): number {
    const device = this.devices[number];
    if (device === undefined) {
      throw new RangeError(`received device ${number}; expected 0 to ${this.devices.length - 1}`);
    }
    if (this.#underWay === MOST) {
      throw new RangeError(`received one more request; expected up to ${MOST} that have not ended`);
    }
    const request = ++this.#last;
    this.given[number]!++;
    const refused = device.request(command, a, b, processor.at, (now) => {
      this.#underWay--;
      this.#interrupts.complete(processor, request, now);
    });
    if (refused !== undefined) {
      throw new RangeError(`to ${command === COMMAND.read ? "read from" : "write to"} ${device.kind}: ${refused}`);
    }
    this.#underWay++;
    return request;
  }
}
