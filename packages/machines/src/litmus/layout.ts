/** Where a test's locations lie, and how its final states are read. */

import { PAGE } from "../wasm/module.js";
import type { Architecture, Initial, LitmusTest, Operand, Type } from "./litmus-test.js";
import { addressesOf, variablesOf } from "./proposition.js";
import {
  type LocationVariable,
  type Register,
  type RegisterVariable,
  type Value,
  type Variable,
  variableText,
  type Width,
} from "./variable.js";

/** Bytes from location to location: each on a line of its own, so that no access takes in two. */
const LINE = 64;

/** Bits of an address. */
const POINTER: Readonly<Record<Architecture, Width>> = { X86: 32, X86_64: 64 };

const MAXIMUM_LOCATIONS = PAGE / LINE - 1;

export class Layout {
  private readonly test: LitmusTest;
  private readonly addresses: ReadonlyMap<string, number>;
  private readonly names: ReadonlyMap<bigint, string>;
  private readonly initial: ReadonlyMap<string, Initial>;
  private readonly knowsAddresses: boolean;
  private readonly types = new Map<string, Type>();

  constructor(test: LitmusTest) {
    this.test = test;
    this.initial = new Map(test.initial.map((each) => [variableText(each.variable), each]));
    const names = locationsOf(test);
    if (names.length > MAXIMUM_LOCATIONS) {
      throw new RangeError(
        `Cannot lay out ${test.name}: received ${names.length} locations; expected at most ${MAXIMUM_LOCATIONS}`,
      );
    }
    // From the end of the page, so that few numbers that a test computes are addresses as well.
    this.addresses = new Map(names.map((name, i) => [name, PAGE - LINE * (names.length - i)]));
    this.names = new Map([...this.addresses].map(([name, address]) => [BigInt(address), name]));
    this.knowsAddresses = addressesIn(test).length > 0;
  }

  addressOf(location: string): number {
    return this.addresses.get(location)!;
  }

  number(value: Value): bigint {
    return typeof value === "bigint" ? value : BigInt(this.addressOf(value.address));
  }

  /** The registers to which the initial state gives a value. */
  initialRegisters(thread: number): { readonly register: Register; readonly value: bigint }[] {
    return this.test.initial.flatMap(({ variable, value }) =>
      variable.kind === "register" && variable.thread === thread
        ? [{ register: variable.register, value: this.number(value) }]
        : [],
    );
  }

  /** A number as the variable's type holds it. */
  hold(value: Value, variable: Variable): bigint {
    const text = variableText(variable);
    const type = this.types.get(text) ?? this.typeOf(variable);
    this.types.set(text, type);
    const { width, signed } = type;
    return signed ? BigInt.asIntN(width, this.number(value)) : BigInt.asUintN(width, this.number(value));
  }

  /** Writes the initial state to a zeroed memory. */
  initialize(memory: WebAssembly.Memory): void {
    const view = new DataView(memory.buffer);
    for (const { variable, value } of this.test.initial) {
      if (variable.kind === "location") view.setBigInt64(this.addressOf(variable.name), this.number(value), true);
    }
  }

  read(memory: WebAssembly.Memory, location: LocationVariable): bigint {
    return this.hold(new DataView(memory.buffer).getBigUint64(this.addressOf(location.name), true), location);
  }

  /** A value as herd7 prints it: the name of a location for its address, in tests that know addresses. */
  valueText(value: bigint): string {
    return (this.knowsAddresses ? this.names.get(value) : undefined) ?? String(value);
  }

  private typeOf(variable: Variable): Type {
    const initial = this.initial.get(variableText(variable));
    if (initial?.type === "pointer") return { width: POINTER[this.test.architecture], signed: false };
    if (initial?.type !== undefined) return initial.type;
    if (variable.kind === "register") return { width: variable.register.width, signed: true };
    const value = this.number(initial?.value ?? 0n);
    return { width: BigInt.asIntN(32, value) === value ? this.widestAccess(variable.name) : 64, signed: true };
  }

  /** Bits of a location without a type: as many as are accessed at once, those of an int at least. */
  private widestAccess(location: string): Width {
    const accesses = accessesOf(this.test);
    const direct = accesses.filter(({ place }) => place.kind === "location" && place.name === location);
    const reaching = direct.length > 0 ? direct : accesses.filter(({ place }) => place.kind === "indirect");
    return Math.max(32, ...reaching.map(({ width }) => width)) as Width;
  }
}

function distinct(variables: readonly Variable[]): Variable[] {
  return [...new Map(variables.map((variable) => [variableText(variable), variable])).values()];
}

/** The variables that a final state is printed with: registers by thread and number, then locations by name. */
export function observedOf({ locations, proposition }: LitmusTest): Variable[] {
  const rank = (variable: Variable) =>
    variable.kind === "register" ? variable.thread * 16 + variable.register.number : Number.POSITIVE_INFINITY;
  return distinct([...variablesOf(proposition), ...locations]).sort(
    (a, b) => rank(a) - rank(b) || variableText(a).localeCompare(variableText(b)),
  );
}

/** A thread's registers that the final states name: its entry's results. */
export function resultsOf(test: LitmusTest, thread: number): RegisterVariable[] {
  return distinct(namedBy(test)).filter(
    (variable): variable is RegisterVariable => variable.kind === "register" && variable.thread === thread,
  );
}

function accessesOf({ threads }: LitmusTest): { readonly place: Operand; readonly width: Width }[] {
  return threads.flatMap(({ instructions }) =>
    instructions.flatMap((instruction) =>
      instruction.kind === "operation"
        ? [instruction.destination, instruction.source].map((place) => ({ place, width: instruction.width }))
        : [],
    ),
  );
}

/** Those that final states are judged by, with repetitions. */
function namedBy({ proposition, filter, locations }: LitmusTest): Variable[] {
  return [...variablesOf(proposition), ...(filter === undefined ? [] : variablesOf(filter)), ...locations];
}

function addressesIn({ initial, proposition, filter }: LitmusTest): string[] {
  const values = initial.flatMap(({ value }) => (typeof value === "object" ? [value.address] : []));
  return [...values, ...addressesOf(proposition), ...(filter === undefined ? [] : addressesOf(filter))];
}

function locationsOf(test: LitmusTest): string[] {
  const variables = [...test.initial.map(({ variable }) => variable), ...namedBy(test)];
  const accessed = accessesOf(test).flatMap(({ place }) => (place.kind === "location" ? [place.name] : []));
  const named = variables.flatMap((variable) => (variable.kind === "location" ? [variable.name] : []));
  return [...new Set([...named, ...accessed, ...addressesIn(test)])];
}
