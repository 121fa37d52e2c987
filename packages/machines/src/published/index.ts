import * as anderson from "./anderson-1990.js";
import * as bershad from "./bershad-1990.js";
import { collapse } from "./boyd-wickizer-2012.js";
import { balanceSet } from "./fedorova-2005.js";
import type { Figure } from "./figure.js";
import { counters } from "./gamsa-1999.js";
import { multiprogramming } from "./gupta-1991.js";
import * as mcs from "./mellor-crummey-scott-1991.js";
import * as squillante from "./squillante-lazowska-1993.js";

/** Every figure that can be reproduced. */
export const FIGURES: readonly Figure[] = [
  anderson.elapsed,
  anderson.quiescence,
  anderson.delays,
  mcs.butterflyLocks,
  mcs.symmetryLocks,
  mcs.butterflyBarriers,
  mcs.symmetryBarriers,
  counters,
  collapse,
  ...squillante.figures,
  multiprogramming,
  balanceSet,
  ...bershad.figures,
];
