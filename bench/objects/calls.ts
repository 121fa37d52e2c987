/** Calls of what a worker has for itself: by a clustered object's reference, and in the other ways that programs have. */
import { ClusteredObject, Replicated, SharedSpace } from "#library/index.js";

/** Does so many calls; what they return together keeps a compiler from leaving them out. */
type Calls = (times: number) => number;

class Here {
  #calls = 0;
  call(): number {
    return ++this.#calls;
  }
}

class Clustered extends ClusteredObject<Here> {
  static {
    Clustered.define("Clustered", { representative: Here });
  }
}

/** By what is called. Each has a loop of its own: in a common one, a compiler would not know what is called. */
export const CALLS = {
  reference: () => {
    const clustered = new Clustered(new SharedSpace());
    return (times) => {
      let sum = 0;
      for (let i = 0; i < times; i++) sum += clustered.representative.call();
      return sum;
    };
  },
  "direct call": () => {
    const here = new Here();
    return (times) => {
      let sum = 0;
      for (let i = 0; i < times; i++) sum += here.call();
      return sum;
    };
  },
  "Map.get": () => {
    const heres = new Map(Array.from({ length: 100 }, (_, i) => [`object ${i}`, new Here()]));
    return (times) => {
      let sum = 0;
      for (let i = 0; i < times; i++) sum += heres.get("object 50")!.call();
      return sum;
    };
  },
  Proxy: () => {
    const here = new Here();
    const proxy = new Proxy({} as Here, { get: (_, name) => Reflect.get(here, name).bind(here) });
    return (times) => {
      let sum = 0;
      for (let i = 0; i < times; i++) sum += proxy.call();
      return sum;
    };
  },
  "Replicated.get": () => {
    const replicated = new Replicated(new SharedSpace(), { number: 1 });
    return (times) => {
      let sum = 0;
      for (let i = 0; i < times; i++) sum += replicated.get().number;
      return sum;
    };
  },
} satisfies Record<string, () => Calls>;

export type CallName = keyof typeof CALLS;
