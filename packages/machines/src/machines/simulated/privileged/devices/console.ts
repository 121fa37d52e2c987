import { COMMAND } from "../../../../program/privileged.js";
import type { PrivilegedDescription } from "../../../presets/description.js";
import { COUNT, counted, refusalOf } from "./buffer.js";
import type { Device, DeviceSurroundings } from "./device.js";
import { Service } from "./service.js";

/** Whoever is at the console. */
export interface Terminal {
  /** What is written, in the order of requests. */
  readonly write: (bytes: Uint8Array) => void;
  /** The next bytes that are typed, up to so many; undefined at the end. */
  readonly read: (most: number) => Uint8Array | undefined;
}

/** A terminal's line. A read brings how many bytes were typed, and these; none: the end. */
export class Console implements Device {
  readonly kind = "console";
  readonly blocks = 0;
  readonly #terminal: Terminal;
  readonly #description: PrivilegedDescription["console"];
  readonly #surroundings: DeviceSurroundings;
  readonly #service = new Service();

  constructor(terminal: Terminal, description: PrivilegedDescription["console"], surroundings: DeviceSurroundings) {
    this.#terminal = terminal;
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
    const { transfers, schedule } = this.#surroundings;
    const { latency, byte } = this.#description;
    this.#service.request(now, (begin, ended) => {
      const end = (time: number) => {
        completed(time);
        ended(time);
      };
      if (command === COMMAND.read) {
        const typed = this.#terminal.read(length - COUNT) ?? new Uint8Array();
        schedule(begin + latency + typed.length * byte, (time) => {
          transfers.toMemory(address, counted(typed), time, end);
        });
      } else {
        transfers.fromMemory(address, length, begin, (brought, bytes) => {
          schedule(brought + latency + length * byte, (time) => {
            this.#terminal.write(bytes);
            end(time);
          });
        });
      }
    });
    return undefined;
  }
}
