/**
 * Calls between protection domains: LRPC beside SRC RPC on the Firefly, and Tornado's protected procedure calls. Only traps,
 * context switches and misses of the TLB of the preset are calibrated.
 */
import { valueAt } from "./comparison.js";
import { at, type ModelFigure, type Simulations } from "./figure.js";
import type { Reproduction } from "./reproduction.js";
import type { Shape } from "./verdict.js";

const SOURCE =
  "Bershad, Anderson, Lazowska and Levy, Lightweight remote procedure call, ACM TOCS 8(1), 1990 (four C-VAX processors of a " +
  "Firefly)";
const TORNADO = "Gamsa, Krieger, Appavoo and Stumm, Tornado, OSDI 1999, section 6.1";
const FIREFLY = "firefly-cvax";
/** Null, Add, BigIn, BigInOut. */
const PROCEDURES = [0, 1, 2, 3];

const time =
  (mechanism: "lrpc" | "lrpc, caching" | "message, one lock") =>
  async (procedure: number, { calls }: Simulations) =>
    (await calls({ machine: FIREFLY, mechanism, procedure })).microseconds;
const throughput =
  (mechanism: "lrpc" | "message, one lock") =>
  async (processors: number, { calls }: Simulations) =>
    (await calls({ machine: FIREFLY, mechanism, processors })).perSecond;

export const figures: readonly ModelFigure[] = [
  {
    name: "bershad-4",
    title: "Calls between domains by procedure: Null, Add, BigIn, BigInOut",
    source: `${SOURCE}, table IV`,
    model: FIREFLY,
    axis: "procedure",
    processors: 1,
    unit: "µs",
    order: 0,
    curves: [
      { name: "LRPC", reading: "text", points: at(PROCEDURES, [157, 164, 192, 227]), value: time("lrpc") },
      { name: "LRPC/MP", reading: "text", points: at(PROCEDURES, [125, 130, 173, 219]), value: time("lrpc, caching") },
      {
        name: "SRC RPC",
        reading: "text",
        points: at(PROCEDURES, [464, 480, 539, 636]),
        value: time("message, one lock"),
      },
    ],
  },
  {
    name: "bershad-5",
    title: "Parts of Null by LRPC: 1 traps, spaces and misses of the TLB, 2 stubs, 3 the kernel's transfer",
    source: `${SOURCE}, table V: the least, with a procedure call of 7 µs; stubs of 18 and 3 µs; the transfer`,
    model: FIREFLY,
    axis: "part",
    processors: 1,
    unit: "µs",
    curves: [
      {
        name: "Null",
        reading: "text",
        points: at([1, 2, 3], [109, 21, 27]),
        value: async (part, { calls }) => {
          const { microseconds, stubs, kernel } = await calls({ machine: FIREFLY, mechanism: "lrpc", procedure: 0 });
          return part === 1 ? microseconds - stubs - kernel : part === 2 ? stubs : kernel;
        },
      },
      {
        name: "misses of the TLB, of 1",
        reading: "text",
        points: at([1], [38.7]),
        value: async (_, { calls }) => (await calls({ machine: FIREFLY, mechanism: "lrpc", procedure: 0 })).misses,
      },
    ],
  },
  {
    name: "bershad-2",
    title: "Null calls a second, by processors",
    source: `${SOURCE}, figure 2`,
    model: FIREFLY,
    axis: "P",
    processors: 4,
    unit: "1/s",
    also: [1, 2, 4],
    curves: [
      { name: "LRPC", reading: "text", points: at([1, 4], [6300, 23_000]), value: throughput("lrpc") },
      { name: "SRC RPC", reading: "text", points: at([2, 4], [4000, 4000]), value: throughput("message, one lock") },
    ],
  },
  {
    name: "gamsa-ppc",
    title: "Instructions of a protected procedure call, by interrupts: on the caller's processor 0, on another one 2",
    source: TORNADO,
    model: "numachine",
    axis: "interrupts",
    processors: 2,
    unit: "instructions",
    curves: [
      {
        name: "call and return",
        reading: "text",
        points: at([0, 2], [372, 2200]),
        value: async (interrupts, { calls }) =>
          (await calls({ machine: "numachine", mechanism: interrupts === 0 ? "ppc" : "remote ppc" })).instructions,
      },
    ],
  },
  {
    name: "gamsa-shipping",
    title: "Lines of another processor's from which a call there takes no longer than one here",
    source: `${TORNADO}: "as low as a few tens of cache misses", which stands as 30`,
    model: "numachine",
    axis: "processors",
    processors: 2,
    unit: "lines",
    curves: [
      {
        name: "break-even",
        reading: "text",
        points: at([2], [30]),
        value: (_, { shipping }) => shipping({ machine: "numachine" }),
      },
    ],
  },
];

const values = ({ curves }: Reproduction, name: string) => {
  const { simulated } = curves.find(({ curve }) => curve.name === name)!;
  return (x: number) => valueAt(simulated, x)!;
};
const isWithin = (value: number, published: number, part: number) => Math.abs(value / published - 1) <= part;

export const shapes: readonly Shape[] = [
  {
    figure: "bershad-4",
    shape: "LRPC's times, within 15 %",
    published: "157, 164, 192, 227 µs",
    find: (reproduction) => {
      const of = values(reproduction, "LRPC");
      const published = [157, 164, 192, 227];
      return {
        reached: PROCEDURES.every((procedure) => isWithin(of(procedure), published[procedure]!, 0.15)),
        simulated: `${PROCEDURES.map((procedure) => of(procedure).toFixed(0)).join(", ")} µs`,
      };
    },
  },
  {
    figure: "bershad-4",
    shape: "Null by LRPC takes a third of SRC RPC's time, within a quarter",
    published: "157 of 464 µs",
    find: (reproduction) => {
      const [light, message] = [values(reproduction, "LRPC")(0), values(reproduction, "SRC RPC")(0)];
      return {
        reached: isWithin(light / message, 157 / 464, 0.25),
        simulated: `${light.toFixed(0)} of ${message.toFixed(0)} µs`,
      };
    },
  },
  {
    figure: "bershad-4",
    shape: "domain caching makes Null faster",
    published: "125 of 157 µs",
    find: (reproduction) => {
      const [caching, light] = [values(reproduction, "LRPC/MP")(0), values(reproduction, "LRPC")(0)];
      return { reached: caching < light, simulated: `${caching.toFixed(0)} of ${light.toFixed(0)} µs` };
    },
  },
  {
    figure: "bershad-5",
    shape: "traps, spaces and misses take two thirds of Null, within a quarter",
    published: "109 of 157 µs",
    find: (reproduction) => {
      const of = values(reproduction, "Null");
      const all = of(1) + of(2) + of(3);
      return {
        reached: isWithin(of(1) / all, 109 / 157, 0.25),
        simulated: `${of(1).toFixed(0)} of ${all.toFixed(0)} µs`,
      };
    },
  },
  {
    figure: "bershad-5",
    shape: "misses of the TLB take a quarter of Null, within a third of that",
    published: "43 misses, about 25 %",
    find: (reproduction) => {
      const of = values(reproduction, "Null");
      const part = values(reproduction, "misses of the TLB, of 1")(1) / (of(1) + of(2) + of(3));
      return { reached: isWithin(part, 0.25, 1 / 3), simulated: `${(100 * part).toFixed(0)} %` };
    },
  },
  {
    figure: "bershad-2",
    shape: "LRPC's speed-up with 4 processors, within 10 %",
    published: "3.7",
    find: (reproduction) => {
      const of = values(reproduction, "LRPC");
      return { reached: isWithin(of(4) / of(1), 3.7, 0.1), simulated: (of(4) / of(1)).toFixed(1) };
    },
  },
  {
    figure: "bershad-2",
    shape: "SRC RPC is flat from 2 processors on, within 15 %",
    published: "about 4,000 calls a second",
    find: (reproduction) => {
      const of = values(reproduction, "SRC RPC");
      return { reached: isWithin(of(4), of(2), 0.15), simulated: `${of(2).toFixed(0)} and ${of(4).toFixed(0)}` };
    },
  },
  {
    figure: "gamsa-ppc",
    shape: "a call on another processor takes six times the instructions, within a factor of two",
    published: "2200 of 372",
    find: (reproduction) => {
      const of = values(reproduction, "call and return");
      const ratio = of(2) / of(0);
      return {
        reached: ratio >= 2200 / 372 / 2 && ratio <= (2 * 2200) / 372,
        simulated: `${of(2).toFixed(0)} of ${of(0).toFixed(0)}`,
      };
    },
  },
  {
    figure: "gamsa-shipping",
    shape: "a call to where data is pays from a few tens of misses on: 10 to 60",
    published: "a few tens",
    find: (reproduction) => {
      const lines = values(reproduction, "break-even")(2);
      return { reached: lines >= 10 && lines <= 60, simulated: `${lines.toFixed(0)} lines` };
    },
  },
];
