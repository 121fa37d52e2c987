/** The states of a program and the transitions between them: edges in the order of the states they are from. */
export interface Graph {
  readonly states: number;
  readonly edges: number;
  /** By edge. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly taken: Uint8Array;
  /** At most 32. Those from there on, deaths, are owed to nobody, and no way leads back from them. */
  readonly transitions: number;
}

/** What looking for a livelock needs for each state, in bytes: seven words. */
export const LIVELOCK_BYTES = 28;

/** A state, and transitions that lead from there back to it. */
export interface Livelock {
  readonly state: number;
  readonly cycle: readonly number[];
}

/**
 * A way for the processors to go on for ever although nobody is kept from going on for ever: in a strongly connected
 * component in which every transition is taken, or not enabled in some state of it (weak fairness). Among them are all
 * that spin for ever, and those that always get into each other's way. Undefined if there is none.
 *
 * Tarjan, SIAM J. Comput. 1(2), 1972, without recursion.
 */
export function findLivelock(graph: Graph): Livelock | undefined {
  const { states, from, to, edges } = graph;
  const first = new Int32Array(states + 1);
  for (let edge = 0; edge < edges; edge++) first[from[edge]! + 1]!++;
  for (let state = 0; state < states; state++) first[state + 1]! += first[state]!;
  const order = new Int32Array(states);
  const low = new Int32Array(states);
  const next = first.slice(0, states);
  const component = new Int32Array(states).fill(-1);
  // Stacks.
  const open = new Int32Array(states);
  const path = new Int32Array(states);
  let opened = 0;
  let length = 0;
  let visited = 0;
  let components = 0;
  const enter = (state: number) => {
    order[state] = low[state] = ++visited;
    open[opened++] = state;
    path[length++] = state;
  };
  enter(0);
  while (length > 0) {
    const state = path[length - 1]!;
    if (next[state]! < first[state + 1]!) {
      const successor = to[next[state]!++]!;
      if (order[successor] === 0) enter(successor);
      else if (component[successor] === -1) low[state] = Math.min(low[state]!, order[successor]!);
      continue;
    }
    length--;
    if (length > 0) {
      const parent = path[length - 1]!;
      low[parent] = Math.min(low[parent]!, low[state]!);
    }
    if (low[state] !== order[state]) continue;
    let begin = opened - 1;
    while (open[begin] !== state) begin--;
    const members = open.slice(begin, opened);
    opened = begin;
    for (const member of members) component[member] = components;
    const inside = new Component(graph, first, component, members);
    if (inside.isFair) return inside.livelock();
    components++;
  }
  return undefined;
}

/** A strongly connected component. */
class Component {
  readonly #graph: Graph;
  readonly #first: Int32Array;
  readonly #component: Int32Array;
  readonly #members: Int32Array;

  /** @param first by state: its first edge, and after the last state the number of edges */
  constructor(graph: Graph, first: Int32Array, component: Int32Array, members: Int32Array) {
    this.#graph = graph;
    this.#first = first;
    this.#component = component;
    this.#members = members;
  }

  /** Whether some transition is taken inside, and each that is enabled in all states. */
  get isFair(): boolean {
    const { to, taken, transitions } = this.#graph;
    let inside = 0;
    let always = this.#all;
    for (const state of this.#members) {
      let enabled = 0;
      for (let edge = this.#first[state]!; edge < this.#first[state + 1]!; edge++) {
        if (taken[edge]! >= transitions) continue;
        enabled |= 1 << taken[edge]!;
        if (this.#component[to[edge]!] === this.#component[state]) inside |= 1 << taken[edge]!;
      }
      always &= enabled;
    }
    return inside !== 0 && (always & ~inside) === 0;
  }

  /** A fair way round, from its first state: to the next state or edge that is good for fairness, and so on, and back. */
  livelock(): Livelock {
    const { to, taken } = this.#graph;
    const begin = this.#members.reduce((least, state) => Math.min(least, state));
    const cycle: number[] = [];
    let missing = this.#all & ~this.#disabled(begin);
    let at = begin;
    const follow = (way: readonly number[]) => {
      for (const edge of way) {
        at = to[edge]!;
        missing &= ~(1 << taken[edge]!) & ~this.#disabled(at);
        cycle.push(taken[edge]!);
      }
    };
    while (missing !== 0) follow(this.#way(at, (edge) => ((1 << taken[edge]!) | this.#disabled(to[edge]!)) & missing));
    if (at !== begin || cycle.length === 0) follow(this.#way(at, (edge) => Number(to[edge] === begin)));
    return { state: begin, cycle };
  }

  /** The shortest way inside, as edges, from a state to an edge for which there is a number but 0; it is there. */
  #way(from: number, wanted: (edge: number) => number): number[] {
    const by = new Map<number, number>();
    const queue = [from];
    for (const state of queue) {
      for (const edge of this.#edgesOf(state)) {
        const target = this.#graph.to[edge]!;
        if (wanted(edge) !== 0) return [...this.#back(from, state, by), edge];
        if (target === from || by.has(target)) continue;
        by.set(target, edge);
        queue.push(target);
      }
    }
    throw new Error("unreachable: the component is strongly connected");
  }

  #back(from: number, state: number, by: ReadonlyMap<number, number>): number[] {
    const way: number[] = [];
    for (let at = state; at !== from; at = this.#graph.from[by.get(at)!]!) way.push(by.get(at)!);
    return way.reverse();
  }

  /** The edges from a state that stay inside. */
  *#edgesOf(state: number): Generator<number> {
    for (let edge = this.#first[state]!; edge < this.#first[state + 1]!; edge++) {
      if (this.#component[this.#graph.to[edge]!] === this.#component[state]) yield edge;
    }
  }

  /** The transitions that a state has not, as bits. */
  #disabled(state: number): number {
    const { taken, transitions } = this.#graph;
    let enabled = 0;
    for (let edge = this.#first[state]!; edge < this.#first[state + 1]!; edge++)
      if (taken[edge]! < transitions) enabled |= 1 << taken[edge]!;
    return this.#all & ~enabled;
  }

  get #all(): number {
    const { transitions } = this.#graph;
    return transitions === 32 ? -1 : (1 << transitions) - 1;
  }
}
