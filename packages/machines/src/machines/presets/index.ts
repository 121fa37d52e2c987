import { butterfly } from "./butterfly.js";
import { chipMultiprocessor } from "./chip-multiprocessor.js";
import { cluster } from "./cluster.js";
import { dash } from "./dash.js";
import type { MachineDescription } from "./description.js";
import { firefly } from "./firefly.js";
import { fireflyCvax } from "./firefly-cvax.js";
import { numachine } from "./numachine.js";
import { opteron } from "./opteron.js";
import { origin } from "./origin.js";
import { server } from "./server.js";
import { symmetry } from "./symmetry.js";
import { ultracomputer } from "./ultracomputer.js";

/** Every machine that commands know by name, by architecture: bus, distributed memory, dance hall, cluster. */
export const PRESETS: readonly MachineDescription[] = [
  symmetry,
  firefly,
  fireflyCvax,
  chipMultiprocessor,
  butterfly,
  dash,
  numachine,
  origin,
  opteron,
  server,
  ultracomputer,
  cluster,
];
