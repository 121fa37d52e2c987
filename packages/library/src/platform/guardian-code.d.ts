/** Scripts of the threads that repair, in Node and in browsers. Written by scripts/build-guardian.mjs. */
export const nodeGuardian: string;
export const browserGuardian: string;
