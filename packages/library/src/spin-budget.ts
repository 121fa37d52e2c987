/**
 * For how long a thread watches before it sleeps: as long as that pays. To sleep and to be woken costs some 30 microseconds of
 * each side; a watch that finds nothing costs its core.
 *
 *     it paid                                        twice as long
 *     it did not, and the thread was woken soon      four times as long: a longer watch would have seen it
 *     it did not                                     half as long
 *     the longest did not, some times in a row       the shortest, also if the thread is woken soon, for some sleeps; for twice as
 *                                                    many the next time, unless the longest has paid in between
 */

/** Looks in a row: the shortest watch, and the longest, some 80 microseconds. */
const LEAST = 8;
const MOST = 2048;
/** Microseconds: a thread that was woken so soon might have seen it, if both sides had watched. */
const SOON = 150;
/** Longest watches in a row that do not pay: a thread that was kept from running explains one or two. */
const ENOUGH = 4;
/** Sleeps without a longer watch after that, the first time and at most: other programs may keep a core for long. */
const PATIENT = 64;
const MOST_PATIENT = 512;

export class SpinBudget {
  /** For the next watch. */
  looks = LEAST;
  #failures = 0;
  #patient = 0;
  #patience = PATIENT;

  /** The watch has seen something. */
  paid(): void {
    if (this.looks === MOST) this.#patience = PATIENT;
    this.looks = Math.min(2 * this.looks, MOST);
    this.#failures = 0;
  }

  /** It has not, and the thread has slept for so many microseconds. */
  slept(microseconds: number): void {
    if (this.looks === MOST && ++this.#failures === ENOUGH) {
      this.looks = LEAST;
      this.#failures = 0;
      this.#patient = this.#patience;
      this.#patience = Math.min(2 * this.#patience, MOST_PATIENT);
    } else if (this.#patient > 0) {
      this.#patient--;
      this.looks = Math.max(this.looks >>> 1, LEAST);
    } else if (microseconds < SOON) this.looks = Math.min(4 * this.looks, MOST);
    else this.looks = Math.max(this.looks >>> 1, LEAST);
  }
}
