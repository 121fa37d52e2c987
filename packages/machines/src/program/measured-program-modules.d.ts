/** Programs that are measured, compiled, each loaded when it is asked for. Written by scripts/build-systems.mjs. */
export const modules: Readonly<
  Record<"calls-client" | "calls-server", () => Promise<{ readonly bytes: Uint8Array<ArrayBuffer> }>>
>;
