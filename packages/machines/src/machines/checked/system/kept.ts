/**
 * What an exploration keeps in memory, counted against a limit: an engine ends the whole process where memory ends,
 * without a word.
 */
import { host } from "#host";

/** Thrown when an exploration would keep more than it may. `needs`: "more than 512 MiB", for messages. */
export class Exceeded extends Error {
  readonly needs: string;

  constructor(needs: string) {
    super(`its states need ${needs}`);
    this.needs = needs;
  }
}

const MEBIBYTE = 2 ** 20;
/**
 * Of the heap that the engine has left when an exploration begins: the rest is for what is not counted, and for
 * collecting it.
 */
const SHARE_OF_HEAP = 0.6;
/** Of the computer's memory, or of the container's. */
const SHARE_OF_MEMORY = 0.5;

/** Bytes that one exploration keeps at most if nobody says how many. */
export function defaultLimit(): number {
  return Math.floor(SHARE_OF_MEMORY * host.memory());
}

/** Rounded, so that it is not 0. */
function mebibytes(bytes: number): number {
  const count = bytes / MEBIBYTE;
  return count < 10 ? Number(count.toPrecision(2)) : Math.floor(count);
}

export class Kept {
  #limit: number;
  #heapLimit: number;
  readonly #heapName: string;
  #bytes = 0;
  #heap = 0;

  /** `limit`: bytes, of all that is kept. */
  constructor(limit = defaultLimit()) {
    this.#limit = limit;
    const { left, name } = host.heap();
    this.#heapLimit = SHARE_OF_HEAP * Math.max(0, left);
    this.#heapName = name;
  }

  /**
   * Counts bytes that are about to be kept.
   *
   * @param heap how many of them are in V8's heap, which has a limit of its own
   * @throws {Exceeded} if they are too many
   */
  take(bytes: number, heap = 0): void {
    if (this.#bytes + bytes > this.#limit) {
      throw new Exceeded(`more than ${mebibytes(this.#limit)} MiB`);
    }
    if (this.#heap + heap > this.#heapLimit) {
      throw new Exceeded(`more than ${mebibytes(this.#heapLimit)} MiB of ${this.#heapName}`);
    }
    this.#bytes += bytes;
    this.#heap += heap;
  }

  /** Counts bytes, none of V8's heap, that are not kept any more. */
  give(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** From now on all may be kept: for what is bounded otherwise. */
  lift(): void {
    this.#limit = this.#heapLimit = Number.POSITIVE_INFINITY;
  }
}
