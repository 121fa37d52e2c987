/** The script of a pool's workers in Node. Written by scripts/build-guardian.mjs. */
export const nodeExecutor: string;
