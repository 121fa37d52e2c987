/** The bytes of runner/, compiled. Written by scripts/build-interpreter.mjs. */
export const runnerBytes: Uint8Array<ArrayBuffer>;
