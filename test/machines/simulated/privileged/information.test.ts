import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type BootImage,
  type BootLayout,
  type LaidOut,
  layOut,
} from "#machines/machines/simulated/privileged/information.js";
import { registerCodeOf } from "#machines/program/instantiate.js";
import { createProgram } from "#machines/program/program.js";
import { assemble } from "../../../program/assemble.js";

const PAGE = 4096;
const MEBIBYTE = 2 ** 20;

function imageOf(name: string, text: string, codeBytes = 10): BootImage {
  return { name, module: registerCodeOf(createProgram(name, assemble(text))).module, codeBytes };
}

const kernel = imageOf(
  "kernel.wasm",
  `(module (import "env" "memory" (memory 2 1024 shared))
    (import "machine" "idle" (func))
    (data (i32.const 8) "kernel")
    (func (export "boot") (param i32)))`,
  5000,
);
const user = imageOf(
  "prögram.wasm",
  `(module
    (import "wasi" "fd_write" (func (param i32) (result i32)))
    (import "env" "l\\c3\\a4ngst" (func))
    (memory (export "memory") 1 3)
    (table (export "table") 2 funcref)
    (global (export "stack") (mut i32) (i32.const 1))
    (func $start)
    (func (export "_start"))
    (start $start)
    (data (i32.const 4090) "across the pages")
    (data (i32.const 4090) "A")
    (data "passive")
    (data (i32.const 12288) "\\00\\00")
    (data (i32.const 20480) "far"))`,
);

function layoutOf(more: Partial<BootLayout> = {}): BootLayout {
  return {
    kernel,
    images: [user],
    page: PAGE,
    bytes: MEBIBYTE,
    processors: 4,
    walks: false,
    spaces: 64,
    nodes: 2,
    devices: [
      { kind: "power", blocks: 0 },
      { kind: "console", blocks: 0 },
      { kind: "disk", blocks: 0 },
      { kind: "network", blocks: 0 },
      { kind: "disk", blocks: 77 },
    ],
    arguments: "1:_start ü",
    kilohertz: 12_500,
    ...more,
  };
}

/** The words of each class of kernel/information.ts, in their order, as the kernel's compiler lays them out. */
const classes = new Map(
  [
    ...readFileSync(new URL("../../../../kernel/information.ts", import.meta.url), "utf8").matchAll(
      /export class (\w+) \{([^}]*)\}/g,
    ),
  ].map(([, name, body]) => [name!, [...body!.matchAll(/^ {2}(\w+): [iu]32;$/gm)].map(([, field]) => field!)]),
);

/** Reads what the kernel is told, field by field. */
class Reading {
  readonly #view: DataView;
  readonly #laidOut: LaidOut;

  constructor(laidOut: LaidOut) {
    this.#laidOut = laidOut;
    this.#view = new DataView(laidOut.block.buffer);
  }

  word(address: number): number {
    return this.#view.getUint32(address - this.#laidOut.address, true);
  }

  record(name: string, address: number): Record<string, number> {
    return Object.fromEntries(classes.get(name)!.map((field, i) => [field, this.word(address + 4 * i)]));
  }

  table(name: string, address: number, count: number): Record<string, number>[] {
    const bytes = 4 * classes.get(name)!.length;
    return Array.from({ length: count }, (_, i) => this.record(name, address + i * bytes));
  }

  text(address: number, bytes: number): string {
    const begin = address - this.#laidOut.address;
    return new TextDecoder().decode(this.#laidOut.block.subarray(begin, begin + bytes));
  }

  image(number: number) {
    const { images, imageCount } = this.record("Information", this.#laidOut.address);
    const { exports, exportCount, imports, importCount, data, dataCount, name, nameBytes, ...rest } = this.table(
      "ImageInformation",
      images!,
      imageCount!,
    )[number]! as Record<string, number>;
    return {
      ...rest,
      name: this.text(name!, nameBytes!),
      exports: this.table("ExportInformation", exports!, exportCount!).map(({ kind, index, name, nameBytes }) => [
        kind,
        index,
        this.text(name!, nameBytes!),
      ]),
      imports: this.table("ImportInformation", imports!, importCount!).map(
        ({ module, moduleBytes, name, nameBytes }) =>
          `${this.text(module!, moduleBytes!)}.${this.text(name!, nameBytes!)}`,
      ),
      data: this.table("DataInformation", data!, dataCount!).map(({ page, pages, block }) => [page, pages, block]),
    };
  }
}

describe("The information of a kernel that boots", () => {
  test("says what the machine is, at the begin of one of memory's last frames", () => {
    const laidOut = layOut(layoutOf());
    const reading = new Reading(laidOut);
    expect(laidOut.address).toBe(MEBIBYTE - PAGE);
    expect(laidOut.block.length).toBeLessThanOrEqual(PAGE);
    const information = reading.record("Information", laidOut.address);
    expect(information).toMatchObject({
      pageBytes: PAGE,
      frames: 256,
      processors: 4,
      walks: 0,
      spaces: 64,
      nodes: 2,
      deviceCount: 5,
      imageCount: 2,
      kilohertz: 12_500,
    });
    expect(reading.text(information.arguments!, information.argumentsBytes!)).toBe("1:_start ü");
    expect(reading.table("DeviceInformation", information.devices!, 5)).toEqual([
      { kind: 0, blocks: 0 },
      { kind: 1, blocks: 0 },
      { kind: 2, blocks: 4 },
      { kind: 3, blocks: 0 },
      { kind: 2, blocks: 77 },
    ]);
    expect(new Reading(layOut(layoutOf({ walks: true }))).record("Information", laidOut.address).walks).toBe(1);
  });

  test("says of each image where its code lies, what it exports and imports, and where its data is", () => {
    const laidOut = layOut(layoutOf());
    const reading = new Reading(laidOut);
    const above = 2 ** 32 / PAGE;
    expect(reading.image(0)).toEqual({
      codePage: above,
      codePages: 2,
      memoryPages: 2,
      memoryMost: 1024,
      start: 0xffff_ffff,
      name: "kernel.wasm",
      exports: [[0, 1, "boot"]],
      imports: ["machine.idle"],
      data: [[0, 1, 0]],
    });
    expect(reading.image(1)).toEqual({
      codePage: above + 2,
      codePages: 1,
      memoryPages: 1,
      memoryMost: 3,
      start: 2,
      name: "prögram.wasm",
      exports: [
        [2, 0, "memory"],
        [1, 0, "table"],
        [3, 0, "stack"],
        [0, 3, "_start"],
      ],
      imports: ["wasi.fd_write", "env.längst"],
      // The page of zeros is as good as one that is not there.
      data: [
        [0, 2, 1],
        [5, 1, 3],
      ],
    });
    expect([0, 1].map(laidOut.codePageOf)).toEqual([above, above + 2]);
  });

  test("has the images' pages on the boot disk, later segments over earlier ones", () => {
    const { bootDisk } = layOut(layoutOf());
    const text = (from: number, to: number) => new TextDecoder().decode(bootDisk.subarray(from, to));
    expect(bootDisk.length).toBe(4 * PAGE);
    expect(text(8, 14)).toBe("kernel");
    expect(text(PAGE + 4090, PAGE + 4106)).toBe("Across the pages");
    expect(text(3 * PAGE, 3 * PAGE + 3)).toBe("far");
    const texts = "kernelAcross the pagesfar";
    expect(bootDisk.reduce((sum, byte) => sum + byte, 0)).toBe([...texts].reduce((sum, c) => sum + c.charCodeAt(0), 0));
  });

  test.each([512, 16384])("is right with pages of %i bytes, too", (page) => {
    const laidOut = layOut(layoutOf({ page }));
    const reading = new Reading(laidOut);
    expect(laidOut.address % page).toBe(0);
    expect(laidOut.address + laidOut.block.length).toBeLessThanOrEqual(MEBIBYTE);
    expect(laidOut.address + laidOut.block.length).toBeGreaterThan(MEBIBYTE - page);
    const { data, ...image } = reading.image(1);
    expect(image).toMatchObject({ codePage: 2 ** 32 / page + Math.ceil(5000 / page) });
    for (const [first, pages, block] of data as [number, number, number][]) {
      for (let i = 0; i < pages; i++) {
        const contents = laidOut.bootDisk.subarray((block + i) * page, (block + i + 1) * page);
        const memory = new Uint8Array(65536);
        memory.set(new TextEncoder().encode("Across the pages"), 4090);
        memory.set(new TextEncoder().encode("far"), 20480);
        expect(contents).toEqual(memory.subarray((first + i) * page, (first + i + 1) * page));
      }
    }
  });

  test("is told of images without memory, and of machines without disk or arguments", () => {
    const laidOut = layOut(layoutOf({ images: [imageOf("none", "(module)", 0)], devices: [], arguments: "" }));
    const reading = new Reading(laidOut);
    expect(reading.image(1)).toMatchObject({ codePages: 0, memoryPages: 0, memoryMost: 0, exports: [], data: [] });
    const { deviceCount, argumentsBytes } = reading.record("Information", laidOut.address);
    expect([deviceCount, argumentsBytes]).toEqual([0, 0]);
  });

  test("refuses memory that the kernel cannot have, or that has no room for both", () => {
    const error = "Cannot boot kernel.wasm: received";
    expect(() => layOut(layoutOf({ bytes: 65536 }))).toThrow(
      `${error} 65536 bytes of memory; expected 131072 to 67108864, as its module says`,
    );
    expect(() => layOut(layoutOf({ bytes: 2 ** 27 }))).toThrow(
      `${error} 134217728 bytes of memory; expected 131072 to`,
    );
    expect(() => layOut(layoutOf({ bytes: 2 * 65536 }))).toThrow(
      `${error} 131072 bytes of memory; expected 131072 for the kernel and 4096 for what it is told`,
    );
    expect(layOut(layoutOf({ bytes: 2 * 65536 + PAGE })).address).toBe(2 * 65536);
  });

  test("refuses active data out of its image's memory", () => {
    const out = imageOf("out.wasm", `(module (memory 1) (data (i32.const 0) "in") (data (i32.const 65533) "out of"))`);
    expect(() => layOut(layoutOf({ images: [user, out] }))).toThrow(
      "Cannot boot out.wasm: received data segment 1 at 65533 to 65539; expected it in the memory's first 65536 bytes",
    );
    const negative = imageOf("negative.wasm", `(module (memory 1) (data (i32.const -1) "x"))`);
    expect(() => layOut(layoutOf({ images: [negative] }))).toThrow(
      "received data segment 0 at 4294967295 to 4294967296",
    );
    const empty = imageOf("empty.wasm", `(module (memory 1) (data (i32.const 65536) ""))`);
    expect(() => layOut(layoutOf({ images: [empty] }))).not.toThrow();
  });
});
