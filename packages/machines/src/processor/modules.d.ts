/** The bytes of interpreter/, compiled. Written by scripts/build-interpreter.mjs, as all of these. */
export const interpreterBytes: Uint8Array<ArrayBuffer>;
/** The same for processors with a kernel mode. */
export const privilegedInterpreterBytes: Uint8Array<ArrayBuffer>;
/** The bytes of guest/ for a memory that is not shared. */
export const guestBytes: Uint8Array<ArrayBuffer>;
/** The same for a shared one. */
export const sharedGuestBytes: Uint8Array<ArrayBuffer>;
