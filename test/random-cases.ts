/** Whether this is `npm run test:all` or `npm run test:random`. */
export const ALL_CASES = Boolean(process.env.ALL_CASES);

/**
 * How many random programs, modules, traces or deaths a dear property is tried with: all of them in `npm run test:all`
 * and `npm run test:random`, the first third of the same ones in `npm test`.
 */
export function casesOf(all: number): number {
  return ALL_CASES ? all : Math.ceil(all / 3);
}
