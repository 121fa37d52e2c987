/** The script of a pool's workers in Node, by brotli and in base 64. Written by scripts/build-guardian.mjs. */
export const compressedExecutor: string;
