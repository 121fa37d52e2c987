/** The states of a program and the transitions between them: edges in the order of the states they are from. */
export interface Graph {
  readonly states: number;
  readonly edges: number;
  /** By edge. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** The transition, below `transitions`, at most 32. */
  readonly taken: Uint8Array;
  readonly transitions: number;
}

/**
 * A state from which the processors can go on for ever although nobody is kept from going on for ever: one of a strongly
 * connected component in which every transition is taken, or not enabled in some state of it (weak fairness). Among them
 * are all that spin for ever, and those that always get into each other's way. Undefined if there is none.
 *
 * Tarjan, SIAM J. Comput. 1(2), 1972, without recursion.
 */
export function findLivelock(graph: Graph): number | undefined {
  const { states, from, to, edges } = graph;
  const first = new Int32Array(states + 1);
  for (let edge = 0; edge < edges; edge++) first[from[edge]! + 1]!++;
  for (let state = 0; state < states; state++) first[state + 1]! += first[state]!;
  const order = new Int32Array(states);
  const low = new Int32Array(states);
  const next = first.slice(0, states);
  const component = new Int32Array(states).fill(-1);
  const open: number[] = [];
  const path: number[] = [];
  let visited = 0;
  let components = 0;
  const enter = (state: number) => {
    order[state] = low[state] = ++visited;
    open.push(state);
    path.push(state);
  };
  enter(0);
  while (path.length > 0) {
    const state = path.at(-1)!;
    if (next[state]! < first[state + 1]!) {
      const successor = to[next[state]!++]!;
      if (order[successor] === 0) enter(successor);
      else if (component[successor] === -1) low[state] = Math.min(low[state]!, order[successor]!);
      continue;
    }
    path.pop();
    const parent = path.at(-1);
    if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[state]!);
    if (low[state] !== order[state]) continue;
    const members = open.splice(open.lastIndexOf(state));
    for (const member of members) component[member] = components;
    if (isFair(graph, first, component, components, members)) return Math.min(...members);
    components++;
  }
  return undefined;
}

function isFair(
  { to, taken, transitions }: Graph,
  first: Int32Array,
  component: Int32Array,
  number: number,
  members: readonly number[],
): boolean {
  let inside = 0;
  // Those that every state of the component has.
  let always = -1;
  for (const state of members) {
    let enabled = 0;
    for (let edge = first[state]!; edge < first[state + 1]!; edge++) {
      enabled |= 1 << taken[edge]!;
      if (component[to[edge]!] === number) inside |= 1 << taken[edge]!;
    }
    always &= enabled;
  }
  const all = transitions === 32 ? -1 : (1 << transitions) - 1;
  return inside !== 0 && (always & all & ~inside) === 0;
}
