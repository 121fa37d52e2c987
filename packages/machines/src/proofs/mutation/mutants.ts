/**
 * The mutants of a module: of the bytes that ship. The compiler copies short functions to where they are called, so that
 * one line of the program's text may be in several functions: a mutant changes all its copies.
 */

import type { Program } from "../../program/program.js";
import { decode } from "../../wasm/decode.js";
import { readAnnotations } from "../../wasm/locations.js";
import { type Place, placesOf } from "../../wasm/source-map.js";
import { blocksOf, type Code, type Expression, expressionsOf } from "./expressions.js";
import { depend, goesOn, hasEffect, type Mutation, mutationsOf } from "./operators.js";
import { bodiesOf, type Edit } from "./rewrite.js";

export interface Mutant {
  /** The file whose line it changes, as the source map has it. */
  readonly file: string;
  readonly line: number;
  /** The line's text. */
  readonly text: string;
  /** What was done: `store deleted`. */
  readonly what: string;
  /** The other line that it is about, where two change places or a call is deleted: `guard.ts:67`; else empty. */
  readonly beside: string;
  /** Names it as long as the text of its line stays: file, text, what, and which of several. */
  readonly key: string;
  readonly edits: readonly Edit[];
}

/** What a function of the language stands for, whose lines say nothing about who uses it. */
const TRANSPARENT = /(^|\/)atomics\.ts$|^~lib/;

/** Those that use the protocols to prove them: what they do is no protocol's. */
const PROOFS = /\/proofs\//;

/** A mutation and the places that its instructions come from: equal ones are copies of each other. */
interface Site extends Mutation {
  readonly place: Place;
  readonly beside: string;
  /** Whether it is in a function of a proof. */
  readonly isProofs: boolean;
}

/** All mutants of lines of some files, in the files' order. */
export function mutantsOf(program: Program, isWanted: (file: string) => boolean): Mutant[] {
  const { bytes, sourceMap } = program;
  if (sourceMap === undefined) {
    throw new Error(`Cannot make mutants of ${program.name}: received no source map; expected one beside it`);
  }
  const placeOf = placesOf(sourceMap);
  const { bodies } = bodiesOf(bytes);
  const { names } = readAnnotations(bytes);
  const sites: Site[] = [];
  decode(
    bytes,
    (index) => names.get(index) ?? String(index),
    (module, body) => {
      const { end } = bodies[body.index - module.imports.length]!;
      const code = expressionsOf(module, body, end);
      const file = names.get(body.index) === undefined ? undefined : fileOf(names.get(body.index)!);
      sites.push(...new Sites(bytes, code, placeOf, file).all());
    },
  );
  const texts = new Map(sourceMap.sources.map((source, i) => [source, sourceMap.sourcesContent![i]!.split("\n")]));
  return grouped(
    sites.filter(({ place }) => isWanted(place.file)),
    (place) => texts.get(place.file)![place.line - 1]!.trim(),
  );
}

/** The file of a function that the compiler names `kernel/library/mutex/unlock`, or `kernel/tasks/queue/next<...>`. */
function fileOf(name: string): string {
  const [own = ""] = name.split("<");
  return `${own.slice(0, own.lastIndexOf("/"))}.ts`;
}

function grouped(sites: readonly Site[], textOf: (place: Place) => string): Mutant[] {
  const copies = new Map<string, Site[]>();
  for (const site of sites) {
    const { place, what, beside } = site;
    const name = JSON.stringify([place.file, place.line, place.column, what, beside]);
    copies.set(name, [...(copies.get(name) ?? []), site]);
  }
  const groups = [...copies.values()].toSorted(
    ([a], [b]) =>
      compare(a!.place.file, b!.place.file) ||
      a!.place.line - b!.place.line ||
      a!.place.column - b!.place.column ||
      compare(a!.what, b!.what) ||
      compare(a!.beside, b!.beside),
  );
  const seen = new Map<string, number>();
  return groups.flatMap((group) => {
    const { place, what, beside } = group[0]!;
    const { file, line } = place;
    const text = textOf(place);
    const name = `${file} | ${text} | ${what}`;
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    // A copy as a proof's arguments make it, which the library does not have, is no mutant of the library.
    if (group.every(({ isProofs }) => isProofs)) return [];
    const key = number === 1 ? name : `${name} | ${number}`;
    return { file, line, text, what, beside, key, edits: group.flatMap(({ edits }) => edits) };
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The statements that one call of a function stands for, or one statement that is no copy. */
interface Unit {
  readonly statements: readonly Expression[];
  readonly place: Place | undefined;
  /** Whether it is the copy of a function of another file. */
  readonly isCopy: boolean;
}

/** What can be done to one function. */
class Sites {
  readonly #bytes: Uint8Array;
  readonly #code: Code;
  readonly #file: string | undefined;
  readonly #places: readonly (Place | undefined)[];

  /** `file`: where the function was written. */
  constructor(bytes: Uint8Array, code: Code, placeOf: (offset: number) => Place | undefined, file: string | undefined) {
    this.#bytes = bytes;
    this.#code = code;
    this.#file = file;
    this.#places = code.operators.map(({ offset }) => placeOf(offset));
  }

  get #isProofs(): boolean {
    return this.#file !== undefined && PROOFS.test(this.#file);
  }

  *all(): Iterable<Site> {
    for (const statement of this.#code.statements) yield* this.#inExpression(statement, []);
    for (const block of blocksOf(this.#code.statements)) yield* this.#inBlock(block);
  }

  *#inExpression(expression: Expression, takers: readonly Expression[]): Iterable<Site> {
    const deeper = [expression, ...takers];
    for (const operand of expression.operands) yield* this.#inExpression(operand, deeper);
    for (const body of expression.bodies) for (const each of body) yield* this.#inExpression(each, []);
    const place = this.#placeOfExpression(expression);
    if (place === undefined) return;
    for (const mutation of mutationsOf(expression, takers))
      yield { ...mutation, place, beside: "", isProofs: this.#isProofs };
  }

  /**
   * The place of the operator; of a call, that of an operand of another file, as short functions that only call are copied;
   * of what the language stands for, and of what has no place, that of an operand, or what was before.
   */
  #placeOfExpression(expression: Expression): Place | undefined {
    const own = this.#places[expression.at];
    const isOwn = own !== undefined && !TRANSPARENT.test(own.file);
    if (isOwn && expression.operator.name !== "call") return own;
    for (const operand of expression.operands) {
      const place = this.#placeOfExpression(operand);
      if (place && (!isOwn || (place.file !== own.file && !PROOFS.test(place.file)))) return place;
    }
    if (isOwn) return own;
    for (let at = expression.at - 1; at >= 0; at--) {
      const place = this.#places[at];
      // Of what was before, in a copy of another function, nobody knows whether it belongs to it.
      if (place && !TRANSPARENT.test(place.file)) return place.file === this.#file ? place : undefined;
    }
    return undefined;
  }

  *#inBlock(statements: readonly Expression[]): Iterable<Site> {
    const units = this.#units(statements);
    for (const [i, unit] of units.entries()) {
      const before = units[i - 1];
      // Of two copies in a function of the library, neither says which line calls.
      const isCaller = (other: Unit | undefined) => other !== undefined && (!other.isCopy || this.#isProofs);
      const beside = units.slice(0, i).findLast(isCaller) ?? units.slice(i + 1).find(isCaller);
      if (unit.isCopy && unit.place && beside?.place && this.#isWhole(unit)) {
        const begin = this.#begin(unit);
        const what = `call deleted that is a copy of ${shortName(unit.place.file)}, beside it`;
        yield {
          what,
          edits: [{ begin, end: this.#end(unit), bytes: [] }],
          place: beside.place,
          beside: shown(unit.place),
          isProofs: this.#isProofs,
        };
      }
      if (before?.place && unit.place && this.#canSwap(before, unit)) {
        yield {
          what: "swapped with what follows",
          edits: this.#swap(before, unit),
          place: before.isCopy ? unit.place : before.place,
          beside: shown(before.isCopy ? before.place : unit.place),
          isProofs: this.#isProofs,
        };
      }
    }
  }

  /** Statements one after the other of another file than the function's are one unit: a function that was copied here. */
  #units(statements: readonly Expression[]): Unit[] {
    const units: Unit[] = [];
    for (const statement of statements) {
      const place = this.#placeOfStatement(statement);
      const last = units.at(-1);
      const isForeign = place !== undefined && place.file !== this.#file && !PROOFS.test(place.file);
      const isCopy = isForeign && this.#isAmongOthers(statements, place.file);
      const follows = last !== undefined && last.statements.at(-1)!.last + 1 === statement.first;
      if (isCopy && follows && last.isCopy && last.place!.file === place.file) {
        units[units.length - 1] = { ...last, statements: [...last.statements, statement] };
      } else units.push({ statements: [statement], place, isCopy });
    }
    return units;
  }

  /** Whether there are statements of other files, too, of which a call of this one can be. */
  #isAmongOthers(statements: readonly Expression[], file: string): boolean {
    return statements.some((statement) => {
      const place = this.#placeOfStatement(statement);
      return place !== undefined && place.file !== file;
    });
  }

  /** That of the first operator that has one: of what is done, or of the condition of a block. */
  #placeOfStatement(statement: Expression): Place | undefined {
    for (let at = statement.first; at <= statement.last; at++) {
      const place = this.#places[at];
      if (place && !TRANSPARENT.test(place.file)) return place;
    }
    return undefined;
  }

  #canSwap(one: Unit, other: Unit): boolean {
    return (
      this.#end(one) === this.#begin(other) &&
      this.#isWhole(one) &&
      this.#isWhole(other) &&
      !depend(one.statements, other.statements)
    );
  }

  /** Whether it does something, leaves nothing on the stack, and goes on with what follows. */
  #isWhole({ statements }: Unit): boolean {
    return statements.some(hasEffect) && statements.every((each) => each.results === 0 && goesOn(each));
  }

  #begin({ statements }: Unit): number {
    return this.#code.offsets[statements[0]!.first]!;
  }

  #end({ statements }: Unit): number {
    return this.#code.offsets[statements.at(-1)!.last + 1]!;
  }

  #swap(one: Unit, other: Unit): Edit[] {
    const begin = this.#begin(one);
    const from = this.#begin(other);
    const end = this.#end(other);
    return [{ begin, end, bytes: [...this.#bytes.subarray(from, end), ...this.#bytes.subarray(begin, from)] }];
  }
}

function shortName(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

function shown({ file, line }: Place): string {
  return `${file}:${line}`;
}
