import { EventQueue } from "#machines/machines/simulated/events.js";
import type { Device, DeviceSurroundings } from "#machines/machines/simulated/privileged/devices/device.js";
import { drain } from "../drain.js";

export const PAGE = 512;
/** Cycles that a transfer to or from memory takes. */
export const MOVING = 7;

/** A device's surroundings: memory of eight frames, whose transfers all take MOVING cycles, and what has happened. */
export class Surroundings implements DeviceSurroundings {
  readonly page = PAGE;
  readonly bytes = new Uint8Array(8 * PAGE);
  readonly memory = this.bytes.length;
  readonly events = new EventQueue();
  /** Requests that have ended, by name, with their times. */
  readonly ended: [name: string, time: number][] = [];

  readonly transfers = {
    toMemory: (address: number, bytes: Uint8Array, now: number, done: (now: number) => void) => {
      this.schedule(now + MOVING, (time) => {
        this.bytes.set(bytes, address);
        done(time);
      });
    },
    fromMemory: (address: number, length: number, now: number, done: (now: number, bytes: Uint8Array) => void) => {
      this.schedule(now + MOVING, (time) => done(time, this.bytes.slice(address, address + length)));
    },
  };

  readonly schedule = (time: number, run: (now: number) => void) => this.events.call(time, 0, run);

  /** A request at a time; why it was refused. */
  ask(device: Device, name: string, command: number, a: number, b: number, now = 0): string | undefined {
    return device.request(command, a, b, now, (time) => this.ended.push([name, time]));
  }

  /** Lets all happen; what has ended since. */
  drain(): [name: string, time: number][] {
    drain(this.events);
    return this.ended.splice(0);
  }

  /** What console or network brought to an address. */
  broughtTo(address: number): Uint8Array {
    const count = new DataView(this.bytes.buffer).getUint32(address, true);
    return this.bytes.slice(address + 4, address + 4 + count);
  }
}
