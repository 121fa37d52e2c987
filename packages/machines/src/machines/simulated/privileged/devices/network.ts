import { COMMAND } from "../../../../program/privileged.js";
import type { PrivilegedDescription } from "../../../presets/description.js";
import { COUNT, counted, refusalOf } from "./buffer.js";
import type { Device, DeviceSurroundings } from "./device.js";
import { Service } from "./service.js";

/** Reads a frame, once there is one. */
type Reader = (frame: Uint8Array, now: number) => void;

/**
 * A loopback: what is written is read, frame by frame, in the order of the requests. A read brings the frame's length, as far
 * as the buffer has room for it, and its bytes; it waits for a frame, and others are served meanwhile.
 */
export class Network implements Device {
  readonly kind = "network";
  readonly blocks = 0;
  readonly #description: PrivilegedDescription["network"];
  readonly #surroundings: DeviceSurroundings;
  readonly #service = new Service();
  /** Frames that nobody has asked for, or reads that wait for one: never both. */
  readonly #frames: Uint8Array[] = [];
  readonly #readers: Reader[] = [];

  constructor(description: PrivilegedDescription["network"], surroundings: DeviceSurroundings) {
    this.#description = description;
    this.#surroundings = surroundings;
  }

  get busy(): number {
    return this.#service.busy;
  }

  request(
    command: number,
    address: number,
    length: number,
    now: number,
    completed: (now: number) => void,
  ): string | undefined {
    const refusal = refusalOf(command, address, length, this.#surroundings);
    if (refusal !== undefined) return refusal;
    if (command === COMMAND.read) this.#read(address, length, now, completed);
    else this.#write(address, length, now, completed);
    return undefined;
  }

  #read(address: number, length: number, now: number, completed: (now: number) => void): void {
    const { transfers, schedule } = this.#surroundings;
    const reader: Reader = (frame, time) => {
      const bytes = counted(frame.subarray(0, length - COUNT));
      this.#service.request(time, (begin, ended) => {
        schedule(begin + this.#cycles(bytes.length - COUNT), (arrived) => {
          transfers.toMemory(address, bytes, arrived, (end) => {
            completed(end);
            ended(end);
          });
        });
      });
    };
    const frame = this.#frames.shift();
    if (frame === undefined) this.#readers.push(reader);
    else reader(frame, now);
  }

  #write(address: number, length: number, now: number, completed: (now: number) => void): void {
    const { transfers, schedule } = this.#surroundings;
    this.#service.request(now, (begin, ended) => {
      transfers.fromMemory(address, length, begin, (brought, frame) => {
        schedule(brought + this.#cycles(length), (end) => {
          const reader = this.#readers.shift();
          if (reader === undefined) this.#frames.push(frame);
          else reader(frame, end);
          completed(end);
          ended(end);
        });
      });
    });
  }

  #cycles(bytes: number): number {
    const { latency, byte } = this.#description;
    return latency + bytes * byte;
  }
}
