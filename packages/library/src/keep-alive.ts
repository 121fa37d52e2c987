/** `Atomics.waitAsync` does not keep Node alive; a timer does, while anybody waits. */

let waits = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** To be followed by `letGo`. */
export function keepAlive(): void {
  if (waits++ === 0) timer = setInterval(() => {}, 2 ** 30);
}

export function letGo(): void {
  if (--waits === 0) clearInterval(timer);
}
