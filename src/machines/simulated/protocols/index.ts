import { dragon } from "./dragon.js";
import { firefly } from "./firefly.js";
import { mesi } from "./mesi.js";
import { moesi } from "./moesi.js";
import { msi } from "./msi.js";
import type { Protocol } from "./protocol.js";

/** Every protocol. */
export const PROTOCOLS: readonly Protocol[] = [msi, mesi, moesi, firefly, dragon];
