import { COMMAND } from "../../../../program/privileged.js";
import type { DiskDescription } from "../../../presets/description.js";
import { outsideFrame } from "./buffer.js";
import type { Device, DeviceSurroundings } from "./device.js";
import { Service } from "./service.js";

/**
 * Blocks as long as a page under one arm. A request moves the arm to its track, waits half a rotation, and transfers.
 * The block after the last one's is under the arm already, if its request waited meanwhile: it takes its transfer alone.
 */
export class Disk implements Device {
  readonly kind = "disk";
  readonly blocks: number;
  readonly #bytes: Uint8Array;
  readonly #description: DiskDescription;
  readonly #surroundings: DeviceSurroundings;
  readonly #service = new Service();
  /** The track that the arm is on. */
  #track = 0;
  /** The block after the one transferred last. */
  #next = 0;

  /**
   * @param bytes what it holds, whole blocks; written to in place
   * @throws {RangeError} if the bytes are not whole blocks
   */
  constructor(bytes: Uint8Array, description: DiskDescription, surroundings: DeviceSurroundings) {
    const { page } = surroundings;
    if (bytes.length % page !== 0) {
      throw new RangeError(`Cannot make a disk: received ${bytes.length} bytes; expected whole blocks of ${page}`);
    }
    this.blocks = bytes.length / page;
    this.#bytes = bytes;
    this.#description = description;
    this.#surroundings = surroundings;
  }

  get busy(): number {
    return this.#service.busy;
  }

  request(
    command: number,
    block: number,
    frame: number,
    now: number,
    completed: (now: number) => void,
  ): string | undefined {
    const { page, transfers, schedule } = this.#surroundings;
    if (block >= this.blocks) {
      return `received block ${block}; expected ${this.blocks === 0 ? "none, since it is empty" : `0 to ${this.blocks - 1}`}`;
    }
    if (frame % page !== 0) return `received address ${frame}; expected a frame's, a multiple of ${page}`;
    const refusal = outsideFrame(frame, page, this.#surroundings);
    if (refusal !== undefined) return refusal;
    const place = this.#bytes.subarray(block * page, (block + 1) * page);
    this.#service.request(now, (begin, ended) => {
      const end = (time: number) => {
        completed(time);
        ended(time);
      };
      const transfer = page * this.#description.byte;
      schedule(begin + this.#moveTo(block, begin > now), (there) => {
        if (command === COMMAND.read) {
          schedule(there + transfer, (read) => transfers.toMemory(frame, place.slice(), read, end));
        } else {
          transfers.fromMemory(frame, page, there, (brought, bytes) => {
            schedule(brought + transfer, (written) => {
              place.set(bytes);
              end(written);
            });
          });
        }
      });
    });
    return undefined;
  }

  /** Cycles until a block is under the arm. */
  #moveTo(block: number, waited: boolean): number {
    const { seek, rotation, track: trackBytes } = this.#description;
    const { page } = this.#surroundings;
    const follows = block === this.#next;
    const track = Math.floor((block * page) / trackBytes);
    const distance = follows ? 0 : Math.abs(track - this.#track);
    const farthest = Math.ceil(this.#bytes.length / trackBytes) - 1;
    this.#track = track;
    this.#next = block + 1;
    if (follows && waited) return 0;
    const seeking =
      distance === 0
        ? 0
        : seek.least + Math.round(((seek.most - seek.least) * (distance - 1)) / Math.max(1, farthest - 1));
    return seeking + Math.round(rotation / 2);
  }
}
