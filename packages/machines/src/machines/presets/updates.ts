import { PROTOCOLS } from "../simulated/memory/protocols/index.js";

/** The names of the protocols whose caches send each other written words, where others invalidate the copies. */
const UPDATING = PROTOCOLS.filter(({ processor }) =>
  Object.values(processor).some(({ write }) => write.bus === "update" || write.ifShared === "update"),
).map(({ name }) => name);

/** Those whose caches ask for the right to write a line that they have, where others fetch it once more. */
const UPGRADING = PROTOCOLS.filter(({ processor }) =>
  Object.values(processor).some(({ write }) => write.bus === "upgrade"),
).map(({ name }) => name);

export function sendsUpgrades(protocol: string): boolean {
  return UPGRADING.includes(protocol);
}

export function sendsUpdates(protocol: string): boolean {
  return UPDATING.includes(protocol);
}
