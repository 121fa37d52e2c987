/** Who makes steps, and how it waits in them: by a form and with a patience taken at random. */
import type { Random } from "#machines/machines/random.js";
import type { ChannelName, Scene } from "../scene.js";

export interface Actor {
  readonly scene: Scene;
  /** Its number. */
  readonly me: number;
  /** Whether it is to die: then it may wait for ever. */
  readonly isMortal: boolean;
  /** Whether it waits for as long as it takes, or only victims who do not, now and then; see drills.ts. */
  readonly isDrilled: boolean;
  readonly random: Random;
  /** How many live: the words of those who stand still, or are dead, say nothing. */
  readonly stands: (worker: number) => boolean;
  /** The program's own code is here. */
  readonly pass: () => void;
  /** What it found that must not be. */
  readonly wrong: (what: string) => void;
  /** Of the messages of each sender, the last that it received. */
  readonly heard: Readonly<Record<ChannelName, Map<number, number>>>;
}

export type Waiting = { readonly signal?: AbortSignal };
export const FOR_EVER = Number.POSITIVE_INFINITY;

export function pick<T>(random: Random, ...choices: readonly T[]): T {
  return choices[random.below(choices.length)]!;
}

/** Whether it waits now until it has what it waits for. */
export function endures({ isDrilled, isMortal, random }: Actor): boolean {
  return isDrilled && (!isMortal || random.below(2) === 0);
}

/** What others may never give is not waited for so long. */
export function atMost({ isDrilled }: Actor, milliseconds: number, most: number): number {
  return isDrilled ? milliseconds : Math.min(milliseconds, most);
}

/** Waits in a form taken at random. Null: the time was over, or it was aborted. */
export async function wait<T>(
  actor: Actor,
  blocking: (milliseconds: number) => T | null,
  without: (milliseconds: number, options: Waiting) => Promise<T | null>,
): Promise<T | null> {
  const { random } = actor;
  const isPatient = endures(actor);
  const milliseconds = isPatient ? FOR_EVER : pick(random, 0, 0, 1, 3, FOR_EVER);
  const form = random.below(isPatient ? 3 : 4);
  if (form < 2) return blocking(milliseconds);
  const controller = new AbortController();
  const timer = form === 3 && setTimeout(() => controller.abort("changed my mind"), random.below(3));
  try {
    return await without(milliseconds, form === 3 ? { signal: controller.signal } : {});
  } catch (error) {
    if (error === "changed my mind" || (error as Error).name === "TimeoutError") return null;
    throw error;
  } finally {
    if (timer) clearTimeout(timer);
  }
}
