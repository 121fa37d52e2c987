/**
 * Programs: what each of some workers does with the objects that they share. None can deadlock: locks are taken in one
 * order (permits, then the mutexes, then the RwLock), all else that waits has a timeout, and all meet equally often.
 */
import fc from "fast-check";

/** How a step waits. */
interface Waiting {
  /** Without blocking. */
  readonly async: boolean;
  /** Milliseconds, or Infinity. */
  readonly timeout: number;
}

/** Takes a lock or permits, does other steps meanwhile if it has got them, and gives them back. */
type Holding = Waiting & { readonly within: readonly Step[] } & (
    | { readonly kind: "permits"; readonly permits: number; readonly consume: boolean }
    | { readonly kind: "lock"; readonly mutex: 0 | 1 }
    | { readonly kind: "write" }
    | { readonly kind: "read" }
  );

export type Step =
  | Holding
  | (Waiting & { readonly kind: "wait" | "send" | "receive" | "take" })
  | { readonly kind: "put" | "set" | "reset" | "isSet" | "add" | "exact" | "snapshot" | "close" }
  | { readonly kind: "compare"; readonly limit: number }
  | { readonly kind: "record"; readonly value: number }
  | { readonly kind: "call"; readonly once: 0 | 1; readonly throws: boolean; readonly async: boolean }
  /** All wait for all: at the barrier, or for the one that comes last and notifies. */
  | { readonly kind: "meet"; readonly at: "barrier" | "condition" };

/** By worker. */
export type Program = readonly (readonly Step[])[];

/** Permits at first. */
export const PERMITS = 3;

const async = fc.boolean();
const brief = fc.constantFrom(0, 0, 1, 2);
const waiting = { async, timeout: brief };
/** Of what others give back without waiting for anybody behind. */
const patient = { async, timeout: fc.oneof(brief, fc.constant(Number.POSITIVE_INFINITY)) };
const which = fc.constantFrom<(0 | 1)[]>(0, 1);

const simple: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom<("wait" | "send" | "receive" | "take")[]>("wait", "send", "receive", "take"),
    ...waiting,
  }),
  fc.record({ kind: fc.constantFrom<("put" | "set" | "reset" | "isSet")[]>("put", "set", "reset", "isSet") }),
  fc.record({ kind: fc.constantFrom<("add" | "exact")[]>("add", "add", "exact") }),
  fc.record({ kind: fc.constant("compare" as const), limit: fc.nat(6) }),
  fc.record({ kind: fc.constant("record" as const), value: fc.nat(1000) }),
  fc.record({ kind: fc.constantFrom<("snapshot" | "close")[]>("snapshot", "close") }),
  fc.record({ kind: fc.constant("call" as const), once: which, throws: fc.boolean(), async }),
);

/** Steps that take only what comes from `level` on in the order. */
function steps(level: number, maxLength: number): fc.Arbitrary<Step[]> {
  const holding = (at: number): fc.Arbitrary<Step>[] => {
    const common = { ...patient, within: at < 4 ? steps(at + 1, 2) : fc.constant([]) };
    if (at === 0) {
      const permits = fc.integer({ min: 1, max: PERMITS });
      return [fc.record({ kind: fc.constant("permits" as const), permits, consume: fc.boolean(), ...common })];
    }
    if (at === 3) return [fc.record({ kind: fc.constantFrom<("read" | "write")[]>("read", "write"), ...common })];
    return [fc.record({ kind: fc.constant("lock" as const), mutex: fc.constant((at - 1) as 0 | 1), ...common })];
  };
  const locks = [0, 1, 2, 3].slice(level).flatMap(holding);
  return fc.array(fc.oneof({ weight: 2, arbitrary: simple }, ...locks), { maxLength });
}

/** Two to four workers, that meet up to twice. */
export const programs: fc.Arbitrary<Program> = fc
  .tuple(
    fc.integer({ min: 2, max: 4 }),
    fc.array(fc.constantFrom<("barrier" | "condition")[]>("barrier", "condition"), { maxLength: 2 }),
  )
  .chain(([workers, meetings]) => {
    const parts = fc.array(steps(0, 5), { minLength: meetings.length + 1, maxLength: meetings.length + 1 });
    return fc
      .array(parts, { minLength: workers, maxLength: workers })
      .map((all) =>
        all.map((parts) =>
          parts.flatMap((part, i): Step[] => (i === 0 ? part : [{ kind: "meet", at: meetings[i - 1]! }, ...part])),
        ),
      );
  });
