import { at, type MachineFigure } from "./figure.js";

/** On a logarithmic axis: what was read by eye may be 20 % off. */
export const counters: MachineFigure = {
  name: "gamsa-1",
  title: "NUMAchine: cycles per update of a counter",
  source: "Gamsa, Krieger, Appavoo and Stumm, Tornado, OSDI 1999, figure 1",
  machine: "numachine",
  quantity: "update time",
  unit: "cycles",
  workload: { kind: "counter" },
  curves: [
    {
      name: "shared counter",
      algorithm: "shared",
      reading: "eye",
      points: at([1, 2, 4, 5, 7, 10, 16], [25, 600, 1300, 4000, 8000, 20_000, 60_000]),
    },
    {
      name: "array",
      algorithm: "array",
      reading: "eye",
      points: at([1, 2, 4, 5, 7, 10, 16], [25, 600, 1300, 4000, 8000, 20_000, 60_000]),
    },
    {
      name: "padded array",
      algorithm: "padded-array",
      reading: "eye",
      points: at([1, 2, 4, 5, 7, 10, 16], [30, 30, 30, 30, 30, 30, 30]),
    },
    {
      name: "clustered object",
      algorithm: "clustered",
      reading: "eye",
      points: at([1, 2, 4, 5, 7, 10, 16], [30, 30, 30, 30, 30, 30, 30]),
    },
  ],
};
