/** What a kernel is told when it boots, as kernel/information.ts draws it, and where the images' code lies. */

import { DEVICE, type DeviceKind, isOfWords, MOST_ARGUMENTS } from "../../../program/privileged.js";
import type { Export, Module } from "../../../wasm/module.js";
import { PAGE as WASM_PAGE } from "../../../wasm/module.js";
import { makeBootDisk, type Run } from "./boot-disk.js";

/** Bytes. */
const WORD = 4;
/** Bytes that 32-bit addresses reach: code lies above. */
const ADDRESSES = 2 ** 32;

const HEADER_WORDS = 13;
const EXPORT_KINDS: readonly Export["kind"][] = ["function", "table", "memory", "global"];

/** Of an export: a function that `call` does not take. */
const OTHER_FUNCTION = 4;

/** Whether a kernel can call the function: one of the module's own, of i32 alone, with up to one result. */
function isCallable({ functions, imports }: Module, index: number): boolean {
  const type = functions[index]!;
  return (
    index >= imports.length && type.parameters.length <= MOST_ARGUMENTS && type.results.length <= 1 && isOfWords(type)
  );
}

/** A module that the machine is booted with. */
export interface BootImage {
  readonly name: string;
  readonly module: Module;
  /** Of its code section. */
  readonly codeBytes: number;
}

export interface BootLayout {
  readonly kernel: BootImage;
  /** Images 1, 2, ... */
  readonly images: readonly BootImage[];
  /** Bytes of a page. */
  readonly page: number;
  /** Bytes of physical memory. */
  readonly bytes: number;
  readonly processors: number;
  /** Whether the processors read translations from tables. */
  readonly walks: boolean;
  readonly spaces: number;
  readonly nodes: number;
  /** In the order of their numbers. The first disk is the boot disk, whatever blocks it is said to have. */
  readonly devices: readonly { readonly kind: DeviceKind; readonly blocks: number }[];
  readonly arguments: string;
  /** Of the processors. */
  readonly kilohertz: number;
}

export interface LaidOut {
  /** Where the information lies in physical memory: at the begin of a frame. */
  readonly address: number;
  readonly block: Uint8Array;
  /** What the first disk holds: whole blocks. */
  readonly bootDisk: Uint8Array;
  /** The page at which the code of an image begins, by its number. A function's code lies as far on as in the code section. */
  readonly codePageOf: (image: number) => number;
}

/**
 * @throws {RangeError} if the kernel cannot have so much memory, if information and kernel do not fit into it together, or
 * if an image's active data lies out of its memory
 */
export function layOut(layout: BootLayout): LaidOut {
  const { kernel, page, bytes } = layout;
  const images = [kernel, ...layout.images];
  const disk = makeBootDisk(images, page);
  const codePages = codePagesOf(images, page);
  const { initial = 0, maximum = 0 } = kernel.module.memory ?? {};
  if (bytes < initial * WASM_PAGE || bytes > maximum * WASM_PAGE) {
    throw new RangeError(
      `Cannot boot ${kernel.name}: received ${bytes} bytes of memory; expected ${initial * WASM_PAGE} to ` +
        `${maximum * WASM_PAGE}, as its module says`,
    );
  }
  const writeAt = (address: number) =>
    writeInformation(layout, images, address, codePages, disk.runs, disk.bytes.length / page);
  const frames = Math.ceil(writeAt(0).length / page);
  const address = bytes - frames * page;
  if (address < initial * WASM_PAGE) {
    throw new RangeError(
      `Cannot boot ${kernel.name}: received ${bytes} bytes of memory; expected ${initial * WASM_PAGE} for the kernel and ` +
        `${frames * page} for what it is told`,
    );
  }
  return { address, block: writeAt(address), bootDisk: disk.bytes, codePageOf: (image) => codePages[image]! };
}

/** Where the code of each image begins, one after the other. */
function codePagesOf(images: readonly BootImage[], page: number): number[] {
  let next = ADDRESSES / page;
  return images.map(({ codeBytes }) => {
    const first = next;
    next += Math.ceil(codeBytes / page);
    return first;
  });
}

function writeInformation(
  { page, bytes, processors, walks, spaces, nodes, devices, arguments: given, kilohertz }: BootLayout,
  images: readonly BootImage[],
  address: number,
  codePages: readonly number[],
  runs: readonly (readonly Run[])[],
  bootBlocks: number,
): Uint8Array {
  const block = new Block(address, HEADER_WORDS);
  const boots = devices.findIndex(({ kind }) => kind === "disk");
  const deviceTable = block.table(
    devices.map(({ kind, blocks }, number) => [DEVICE[kind], number === boots ? bootBlocks : blocks]),
  );
  const imageRows = images.map(({ name, module, codeBytes }, image) => [
    codePages[image]!,
    Math.ceil(codeBytes / page),
    module.memory?.initial ?? 0,
    module.memory?.maximum ?? 0,
    module.start ?? -1,
    ...block.table(
      [...module.exports].map(([exported, { kind, index }]) => [
        kind === "function" && !isCallable(module, index) ? OTHER_FUNCTION : EXPORT_KINDS.indexOf(kind),
        index,
        ...block.text(exported),
      ]),
    ),
    ...block.table(module.imports.map((imported) => [...block.text(imported.module), ...block.text(imported.name)])),
    ...block.table(runs[image]!.map((run) => [run.page, run.pages, run.block])),
    ...block.text(name),
  ]);
  const imageTable = block.table(imageRows);
  return block.finish([
    page,
    Math.floor(bytes / page),
    processors,
    walks ? 1 : 0,
    spaces,
    nodes,
    ...deviceTable,
    ...imageTable,
    ...block.text(given),
    kilohertz,
  ]);
}

/** Tables and texts one after the other behind a header, at an address. */
class Block {
  readonly #address: number;
  readonly #words: number[];

  constructor(address: number, headerWords: number) {
    this.#address = address;
    this.#words = new Array(headerWords).fill(0);
  }

  /** Writes rows of words, all of one length; where they are, and how many. */
  table(rows: readonly (readonly number[])[]): [address: number, count: number] {
    const at = this.#end;
    for (const row of rows) this.#words.push(...row);
    return [at, rows.length];
  }

  /** Writes a text from a word's begin on; where it is, and its bytes. */
  text(text: string): [address: number, bytes: number] {
    const at = this.#end;
    const bytes = new TextEncoder().encode(text);
    const words = new Uint8Array(Math.ceil(bytes.length / WORD) * WORD);
    words.set(bytes);
    const view = new DataView(words.buffer);
    for (let i = 0; i < words.length; i += WORD) this.#words.push(view.getInt32(i, true));
    return [at, bytes.length];
  }

  finish(header: readonly number[]): Uint8Array {
    header.forEach((word, i) => {
      this.#words[i] = word;
    });
    const view = new DataView(new ArrayBuffer(this.#words.length * WORD));
    this.#words.forEach((word, i) => void view.setInt32(i * WORD, word, true));
    return new Uint8Array(view.buffer);
  }

  get #end(): number {
    return this.#address + this.#words.length * WORD;
  }
}
