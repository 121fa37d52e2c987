/**
 * When each processor's next access is due, and whose is the first: a tournament (Knuth, TAOCP 3, 5.4.1) over all
 * processors by their ranks, in a tree of 2^n places whose root is at 1.
 *
 *     winners    | - | root | ... inner places ... | rank 0 | rank 1 | ... |
 *
 * Invariant: each place names the rank that is due first of those below it, the least rank of equal times.
 */

/**
 * By rank: f64 times, Infinity where nothing is due, then the first of them; and the processors that have the ranks.
 */
let times: u32 = 0;
let processors: u32 = 0;
let winners: u32 = 0;
let leaves: u32 = 0;

/** @param size a power of two, more than all ranks: there is room for size + 1 times and 2 * size winners */
export function setDue(size: u32, timesAt: u32, processorsAt: u32, winnersAt: u32): void {
  leaves = size;
  times = timesAt;
  processors = processorsAt;
  winners = winnersAt;
  for (let rank: u32 = 0; rank <= size; rank++) store<f64>(times + 8 * rank, Infinity);
  for (let rank: u32 = 0; rank < size; rank++) store<u32>(winners + 4 * (size + rank), rank);
  for (let place = size - 1; place > 0; place--) store<u32>(winners + 4 * place, load<u32>(winners + 8 * place));
}

/** Infinity for a processor of which nothing is due any more. */
export function setTime(rank: u32, time: f64): void {
  store<f64>(times + 8 * rank, time);
  let winner = rank;
  for (let place = leaves + rank; place > 1; place >>>= 1) {
    const rival = load<u32>(winners + 4 * (place ^ 1));
    const rivalTime = load<f64>(times + 8 * rival);
    if (rivalTime < time || (rivalTime == time && rival < winner)) {
      winner = rival;
      time = rivalTime;
    }
    store<u32>(winners + 4 * (place >>> 1), winner);
  }
  store<f64>(times + 8 * leaves, time);
}

/** When the first access is due; Infinity if none is. */
export function nextDue(): f64 {
  return load<f64>(times + 8 * leaves);
}

/** Whose that is. */
export function firstDue(): u32 {
  return load<u32>(processors + 4 * load<u32>(winners, 4));
}
