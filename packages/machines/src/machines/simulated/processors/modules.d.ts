/** The bytes of runner/, compiled. Written by scripts/build-interpreter.mjs. */
export const runnerBytes: Uint8Array<ArrayBuffer>;
/** The same for processors with a kernel mode. */
export const privilegedRunnerBytes: Uint8Array<ArrayBuffer>;
