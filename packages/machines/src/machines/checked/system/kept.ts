/** What an exploration keeps in memory, counted against a limit: V8 ends the whole process where memory ends, without a word. */
import { totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";

/** Thrown when an exploration would keep more than it may. `needs`: "more than 512 MiB", for messages. */
export class Exceeded extends Error {
  readonly needs: string;

  constructor(needs: string) {
    super(`its states need ${needs}`);
    this.needs = needs;
  }
}

const MEBIBYTE = 2 ** 20;
/** Of the heap that V8 has left when an exploration begins: the rest is for what is not counted, and for collecting it. */
const SHARE_OF_HEAP = 0.6;
/** Of V8's heap, what only young objects may take: what is kept is not young. V8 does not say it. */
const YOUNG = (Number.parseInt(process.versions.v8, 10) >= 13 ? 192 : 48) * MEBIBYTE;
/** Where the limit of both together was made small: most of it is taken to be for the young. */
const SHARE_OF_YOUNG = 0.75;
/** Of the computer's memory, or of the container's. */
const SHARE_OF_MEMORY = 0.5;

/** Bytes that one exploration keeps at most if nobody says how many. */
export function defaultLimit(): number {
  // 0, or more than there is, where nothing constrains the process.
  const constrained = process.constrainedMemory?.() || Number.POSITIVE_INFINITY;
  return Math.floor(SHARE_OF_MEMORY * Math.min(totalmem(), constrained));
}

/** Rounded, so that it is not 0. */
function mebibytes(bytes: number): number {
  const count = bytes / MEBIBYTE;
  return count < 10 ? Number(count.toPrecision(2)) : Math.floor(count);
}

export class Kept {
  #limit: number;
  #heapLimit: number;
  #bytes = 0;
  #heap = 0;

  /** `limit`: bytes, of all that is kept. */
  constructor(limit = defaultLimit()) {
    this.#limit = limit;
    const { heap_size_limit: most, used_heap_size: used } = getHeapStatistics();
    const old = most - Math.min(YOUNG, SHARE_OF_YOUNG * most);
    this.#heapLimit = SHARE_OF_HEAP * Math.max(0, old - used);
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
      throw new Exceeded(
        `more than ${mebibytes(this.#heapLimit)} MiB of V8's heap (NODE_OPTIONS=--max-old-space-size=MIB enlarges it)`,
      );
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
