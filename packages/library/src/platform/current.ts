import type { Platform } from "../platform.js";
import { browser } from "./browser.js";
import { node } from "./node.js";

export const platform: Platform = globalThis.process?.versions?.node ? node() : browser();
