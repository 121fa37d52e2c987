import { dragon } from "./dragon.js";
import { firefly } from "./firefly.js";
import { mesi } from "./mesi.js";
import { mesif } from "./mesif.js";
import { moesi } from "./moesi.js";
import { moesif } from "./moesif.js";
import { mosi } from "./mosi.js";
import { msi } from "./msi.js";
import { msiUpgrade } from "./msi-upgrade.js";
import type { Protocol } from "./protocol.js";

/** Every protocol. */
export const PROTOCOLS: readonly Protocol[] = [msi, msiUpgrade, mosi, mesi, mesif, moesi, moesif, firefly, dragon];
