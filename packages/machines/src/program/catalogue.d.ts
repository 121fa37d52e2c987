import type { Algorithm } from "./algorithm.js";

/** The algorithms of the kernel. Written by scripts/build-kernel.mjs. */
export const algorithms: readonly Algorithm[];
