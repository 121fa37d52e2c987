/** The index of the last number that is not greater, in an ascending list; -1 if there is none. */
export function lastUpTo(limit: number, numbers: readonly number[]): number {
  let low = -1;
  let high = numbers.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! <= limit) low = middle;
    else high = middle;
  }
  return low;
}
