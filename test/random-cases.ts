/** Whether this is `npm run test:all` or `npm run test:random`. */
export const ALL_CASES = Boolean(process.env.ALL_CASES);

/**
 * How many random programs, modules, traces or deaths a dear property is tried with: all of them in `npm run test:all`
 * and `npm run test:random`, the first third of the same ones in `npm test`.
 */
export function casesOf(all: number): number {
  return ALL_CASES ? all : Math.ceil(all / 3);
}

/** The machines on which something dear is tried: all of them in those two, the first so many in `npm test`. */
export function machinesOf<Machine>(all: readonly Machine[], first: number): readonly Machine[] {
  return ALL_CASES ? all : all.slice(0, first);
}
