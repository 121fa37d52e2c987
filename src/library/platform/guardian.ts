import { identityOf, instantiate, type LibraryKernel } from "../kernel.js";
import type { Memory } from "../memory.js";

/** Repairs, in a slot of its own of each space. */
export class Guardian {
  readonly #kernels = new Map<string, LibraryKernel>();

  /** The kernel of the space that has this memory. */
  kernelOf(memory: Memory): LibraryKernel {
    const kernel = instantiate(memory);
    const identity = identityOf(kernel);
    const known = this.#kernels.get(identity);
    if (known) return known;
    kernel.enter_as(kernel.workers() + 1);
    this.#kernels.set(identity, kernel);
    return kernel;
  }

  /** Of all spaces that it knows. */
  get kernels(): Iterable<LibraryKernel> {
    return this.#kernels.values();
  }

  /** After the death of the worker that had the slot: who ended in good order left nothing, and another may have it now. */
  repair(kernel: LibraryKernel, slot: number, incarnation: number): void {
    if (kernel.is_live(slot) === 1 && kernel.incarnation_of(slot) === incarnation) kernel.repair(slot);
  }
}
