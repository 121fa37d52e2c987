import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SharedSpace } from "#library/index.js";
import { FREED_BEFORE, instantiate, type LibraryKernel, NOT_A_BLOCK, RELEASED } from "#library/kernel.js";
import { Random } from "#machines/machines/random.js";
import { casesOf } from "../random-cases.js";
import { exit, type InWorker, inWorker, message } from "./in-worker.js";

const PAGE = 65536;
const LINE = 128;

/** Workers of one memory in one thread: a kernel each, and a view of all the memory. */
class Workers {
  readonly memory: WebAssembly.Memory;
  readonly kernels: LibraryKernel[];

  constructor(workers: number, pages: number) {
    this.memory = new WebAssembly.Memory({ initial: 1, maximum: pages, shared: true });
    this.kernels = Array.from({ length: workers }, () => instantiate(this.memory));
    this.kernels[0]!.create_space(workers, 1, 1, 2);
    for (const kernel of this.kernels) kernel.attach(kernel.next_incarnation(), 0);
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  /** The worker ends, and another takes its slot. */
  replace(worker: number): void {
    const kernel = this.kernels[worker]!;
    kernel.repair_worker(kernel.incarnation_of(worker + 1));
    expect(kernel.attach(kernel.next_incarnation(), 0)).toBe(worker + 1);
  }

  /** All pages that may be allocated, by who finds all of them free. */
  allPages(): number {
    for (const worker of this.kernels.keys()) this.replace(worker);
    const [kernel] = this.kernels as [LibraryKernel];
    for (let pages = this.memory.buffer.byteLength / PAGE; pages > 0; pages--) {
      const block = kernel.allocate(pages * PAGE);
      if (block !== 0 && kernel.release(block) === RELEASED) return pages;
    }
    return 0;
  }
}

interface Block {
  readonly address: number;
  readonly bytes: number;
  /** What all of its bytes are. */
  readonly mark: number;
}

/** What workers do, one after the other, and what the allocator may do then. */
class Model {
  readonly #workers: Workers;
  readonly #blocks: Block[] = [];
  #marks = 0;

  constructor(workers: Workers) {
    this.#workers = workers;
  }

  allocate(kernel: LibraryKernel, bytes: number, lines: boolean): void {
    const address = (lines ? kernel.allocate_lines(bytes) : kernel.allocate(bytes)) >>> 0;
    if (address === 0) return;
    const usable = kernel.block_bytes(address);
    expect(usable).toBeGreaterThanOrEqual(bytes);
    expect(address % (lines ? LINE : 16)).toBe(0);
    if (lines) expect(usable % LINE).toBe(0);
    const all = this.#workers.bytes;
    expect(address + usable).toBeLessThanOrEqual(all.length);
    const contents = all.subarray(address, address + usable);
    expect(contents.findIndex((byte) => byte !== 0)).toBe(-1);
    const other = this.#blocks.find(
      (block) => block.address < address + usable && address < block.address + block.bytes,
    );
    expect(other, `overlaps ${address}`).toBeUndefined();
    this.#marks = (this.#marks % 255) + 1;
    contents.fill(this.#marks);
    this.#blocks.push({ address, bytes: usable, mark: this.#marks });
  }

  free(kernel: LibraryKernel, which: number): void {
    if (this.#blocks.length === 0) return;
    const [block] = this.#blocks.splice(which % this.#blocks.length, 1) as [Block];
    this.#check(block);
    expect(kernel.release(block.address + 8)).toBe(NOT_A_BLOCK);
    expect(kernel.release(block.address)).toBe(RELEASED);
    expect(kernel.release(block.address)).toBe(FREED_BEFORE);
    expect(kernel.block_bytes(block.address)).toBe(0);
  }

  freeAll(kernel: LibraryKernel): void {
    while (this.#blocks.length > 0) this.free(kernel, 0);
  }

  /** The allocator knows the same blocks. */
  compare(kernel: LibraryKernel): void {
    const known: number[] = [];
    for (let address = kernel.next_block(0); address !== 0; address = kernel.next_block(address)) {
      known.push(address >>> 0);
    }
    expect(known).toEqual(this.#blocks.map(({ address }) => address).sort((a, b) => a - b));
    for (const block of this.#blocks) this.#check(block);
  }

  #check({ address, bytes, mark }: Block): void {
    const wrong = this.#workers.bytes.subarray(address, address + bytes).findIndex((byte) => byte !== mark);
    expect(wrong, `contents of ${address}`).toBe(-1);
  }
}

const worker = fc.nat(2);
const size = fc.oneof(
  { weight: 6, arbitrary: fc.nat(400) },
  { weight: 3, arbitrary: fc.nat(8000) },
  { weight: 2, arbitrary: fc.nat(40_000) },
  { weight: 1, arbitrary: fc.nat(200_000) },
);
const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ does: fc.constant("allocate" as const), worker, size, lines: fc.boolean() }) },
  { weight: 10, arbitrary: fc.record({ does: fc.constant("free" as const), worker, which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("end" as const), worker }) },
);

describe("allocate", () => {
  test("gives blocks of its own to each, zeroed, aligned and large enough, and takes them back from all", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300, size: "max" }), (program) => {
        const workers = new Workers(3, 48);
        const pages = workers.allPages();
        const model = new Model(workers);
        for (const step of program) {
          const kernel = workers.kernels[step.worker]!;
          if (step.does === "allocate") model.allocate(kernel, step.size, step.lines);
          else if (step.does === "free") model.free(kernel, step.which);
          else workers.replace(step.worker);
        }
        model.compare(workers.kernels[0]!);
        model.freeAll(workers.kernels[1]!);
        model.compare(workers.kernels[2]!);
        expect(workers.allPages()).toBeGreaterThanOrEqual(pages);
      }),
      { numRuns: casesOf(50) },
    );
  });

  test("rounds up to a multiple of 16, by at most a quarter beyond 64 bytes; powers of two are exact", () => {
    const [kernel] = new Workers(1, 4096).kernels as [LibraryKernel];
    const sizes = new Set<number>();
    for (let bytes = 1; bytes <= 32768; bytes++) {
      const block = kernel.allocate(bytes);
      const usable = kernel.block_bytes(block);
      const most = bytes > 64 ? bytes * 1.25 : bytes + 15;
      const exact = bytes >= 16 && Number.isInteger(Math.log2(bytes));
      if (usable < bytes || usable > (exact ? bytes : most) || usable % 16 !== 0) expect(usable).toBe(bytes);
      sizes.add(usable);
      kernel.release(block);
    }
    expect(sizes.size).toBe(40);
    expect(kernel.block_bytes(kernel.allocate(32769))).toBe(PAGE);
    expect(kernel.block_bytes(kernel.allocate(PAGE + 1))).toBe(2 * PAGE);
  });

  test("begins in the first page after the records, after the span's header, whose line differs by page", () => {
    const [kernel] = new Workers(62, 64).kernels as [LibraryKernel];
    // 64 KiB of header, 256 of page table, 256 of records for slots 0 to 63. Page 9, from line 9: 1280 bytes, then one for
    // each block, rounded up to a line. Page 10, from line 10.
    const first = 9 * PAGE + 9 * LINE + 1280 + 29 * LINE;
    expect(kernel.allocate(16)).toBe(first);
    expect(kernel.allocate(16)).toBe(first + 16);
    expect(kernel.allocate(128)).toBe(10 * PAGE + 10 * LINE + 1280 + 4 * LINE);
    expect(kernel.allocate(PAGE)).toBe(11 * PAGE);
  });

  test("gives all of the memory to one size after it was used by another, but for a few hundredths", () => {
    const { kernels } = new Workers(2, 256);
    const [kernel, other] = kernels as [LibraryKernel, LibraryKernel];
    for (const bytes of [48, 128, 4096, 1000, 100_000]) {
      const blocks: number[] = [];
      for (let block = kernel.allocate(bytes); block !== 0; block = kernel.allocate(bytes)) blocks.push(block);
      const used = blocks.reduce((sum, block) => sum + kernel.block_bytes(block), 0);
      expect(used / (250 * PAGE)).toBeGreaterThan(0.91);
      // What the other returns, comes home when it is needed.
      for (const [i, block] of blocks.entries()) (i % 3 ? kernel : other).release(block);
      expect(kernel.next_block(0)).toBe(0);
    }
  });

  test("grows the memory to its maximum, and not for what finds no room there", () => {
    const { memory, kernels } = new Workers(1, 64);
    const [kernel] = kernels as [LibraryKernel];
    expect(kernel.allocate(100 * PAGE)).toBe(0);
    expect(kernel.allocate(0xffffffff)).toBe(0);
    expect(memory.buffer.byteLength).toBe(6 * PAGE);
    expect(kernel.allocate(40 * PAGE)).toBe(6 * PAGE);
    expect(kernel.allocate(18 * PAGE)).toBe(46 * PAGE);
    expect(kernel.allocate(16)).toBe(0);
    expect(memory.buffer.byteLength).toBe(64 * PAGE);
  });

  test("reuses blocks that others returned rather than growing the memory", () => {
    const { memory, kernels } = new Workers(2, 1024);
    const [maker, user] = kernels as [LibraryKernel, LibraryKernel];
    const rounds = (bytes: number) => {
      for (let round = 0; round < 50; round++) {
        const blocks = Array.from({ length: 5000 }, () => maker.allocate(bytes));
        for (const block of blocks) user.release(block);
        expect(maker.next_block(0)).toBe(0);
      }
    };
    rounds(64);
    const before = memory.buffer.byteLength;
    rounds(64);
    expect(memory.buffer.byteLength).toBe(before);
  });
});

describe("release", () => {
  test("names what is no block's begin, and what was freed before", () => {
    const { kernels } = new Workers(2, 256);
    const [kernel, other] = kernels as [LibraryKernel, LibraryKernel];
    const blocks = [kernel.allocate(40), kernel.allocate(5000), kernel.allocate(30_000), kernel.allocate(3 * PAGE)];
    for (const wrong of [0, 4, 16, PAGE, 5 * PAGE + 16, 200 * PAGE, 0xffffffff]) {
      expect(kernel.release(wrong)).toBe(NOT_A_BLOCK);
    }
    for (const block of blocks) {
      const inside = [1, 8, 16, 32, kernel.block_bytes(block) / 2, kernel.block_bytes(block) - 16];
      for (const offset of inside) expect(other.release(block + offset)).toBe(NOT_A_BLOCK);
    }
    expect(kernel.release(blocks[3]! + PAGE)).toBe(NOT_A_BLOCK);
    for (const [first, second] of [
      [kernel, other],
      [other, kernel],
      [other, other],
    ] as const) {
      const again = [kernel.allocate(40), kernel.allocate(5000), kernel.allocate(3 * PAGE)];
      for (const block of again) {
        expect(first.release(block)).toBe(RELEASED);
        expect(second.release(block)).toBe(FREED_BEFORE);
      }
    }
    for (const block of blocks) expect(kernel.release(block)).toBe(RELEASED);
    expect(kernel.next_block(0)).toBe(0);
  });

  test("gives pages back that an ended worker left, whoever returns the last block in them", () => {
    const workers = new Workers(3, 64);
    const [one, two, three] = workers.kernels as [LibraryKernel, LibraryKernel, LibraryKernel];
    for (let round = 0; round < 20; round++) {
      const blocks = Array.from({ length: 600 }, () => two.allocate(1000));
      workers.replace(1);
      // About one in each span.
      for (const [i, block] of blocks.entries()) if (i % 60 === 0) expect(one.release(block)).toBe(RELEASED);
      for (const [i, block] of blocks.entries()) if (i % 60 !== 0) expect(three.release(block)).toBe(RELEASED);
    }
    expect(workers.memory.buffer.byteLength).toBeLessThan(40 * PAGE);
    expect(three.allocate(50 * PAGE)).not.toBe(0);
  });

  test("gives pages back to all as soon as a span of their owner is full, though it needs no other", () => {
    const workers = new Workers(3, 64);
    const [one, two, three] = workers.kernels as [LibraryKernel, LibraryKernel, LibraryKernel];
    // 20 spans of 7 blocks each, all full.
    const blocks = Array.from({ length: 140 }, () => one.allocate(8192));
    for (const block of blocks.slice(6, 10)) expect(one.release(block)).toBe(RELEASED);
    for (const block of blocks.slice(21)) expect(two.release(block)).toBe(RELEASED);
    expect(three.allocate(50 * PAGE)).toBe(0);
    for (let i = 0; i < 4; i++) expect(blocks.slice(6, 10)).toContain(one.allocate(8192));
    expect(three.allocate(50 * PAGE)).not.toBe(0);
  });
});

describe("next_block", () => {
  test("goes through all blocks in use with their bytes and owners, also those of workers that ended", () => {
    const workers = new Workers(2, 256);
    const [one, two] = workers.kernels as [LibraryKernel, LibraryKernel];
    one.allocate(100);
    const freed = two.allocate(200);
    two.allocate(200);
    two.allocate(100_000);
    one.release(freed);
    const report = () => {
      const found: number[][] = [];
      for (let block = one.next_block(0); block !== 0; block = one.next_block(block)) {
        found.push([one.block_bytes(block), one.block_owner(block)]);
      }
      return found;
    };
    expect(report()).toEqual([
      [112, 1],
      [224, 2],
      [131_072, 2],
    ]);
    workers.replace(1);
    expect(report()).toEqual([
      [112, 1],
      [224, 0],
      [131_072, 2],
    ]);
  });
});

describe("Workers of a space", () => {
  interface Exchange {
    readonly memory: WebAssembly.Memory;
    /** Blocks that somebody may take and free; each worker has at most one more. */
    readonly mailboxes: Int32Array;
    /** Blocks that were not as they should be. */
    readonly wrong: Int32Array;
    readonly seed: number;
    readonly turns: number;
  }

  /** Allocates blocks of random sizes, marks both ends, and exchanges them for others, which it looks at and frees. */
  function exchange({ data, library, say }: InWorker<Exchange>) {
    const { memory, mailboxes, wrong } = data;
    const { kernel } = library.SharedSpace.of(memory);
    let seed = data.seed;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    let words = new Int32Array(memory.buffer);
    /** Marks both ends of a block; whether both had the mark before. */
    const mark = (block: number, before: number, after: number) => {
      const first = block >>> 2;
      const last = first + (kernel.block_bytes(block) >>> 2) - 1;
      if (last >= words.length) {
        memory.grow(0);
        words = new Int32Array(memory.buffer);
      }
      const right = words[first] === before && words[last] === before;
      words[first] = words[last] = after;
      return right;
    };
    say("begins");
    for (let turn = 0; turn < data.turns; turn++) {
      const mine = kernel.allocate(16 + random(random(8) ? 300 : 80_000));
      if (mine !== 0 && !mark(mine, 0, mine)) Atomics.add(wrong, 0, 1);
      const other = Atomics.exchange(mailboxes, random(mailboxes.length), mine);
      if (other === 0) continue;
      if (!mark(other, other, -1) || kernel.release(other) !== 0) Atomics.add(wrong, 0, 1);
    }
  }

  const create = () => {
    const space = new SharedSpace({ workers: 16, maximumBytes: 64 << 20 });
    const mailboxes = new Int32Array(new SharedArrayBuffer(4 * 64));
    const wrong = new Int32Array(new SharedArrayBuffer(4));
    return { space, memory: space.memory, mailboxes, wrong };
  };

  const countBlocks = ({ kernel }: SharedSpace) => {
    let count = 0;
    for (let block = kernel.next_block(0); block !== 0; block = kernel.next_block(block)) count++;
    return count;
  };

  const freeMail = ({ kernel }: SharedSpace, mailboxes: Int32Array) => {
    for (const block of mailboxes) if (block !== 0) expect(kernel.release(block)).toBe(RELEASED);
  };

  test("never have the same block at once, and leave none", async () => {
    const { space, ...shared } = create();
    const turns = 30_000;
    await Promise.all([1, 2, 3, 4].map((seed) => exit(inWorker(exchange, { ...shared, seed, turns }))));
    expect(shared.wrong[0]).toBe(0);
    freeMail(space, shared.mailboxes);
    expect(countBlocks(space)).toBe(0);
  });

  test("leave at most the block that they had or were about to have, when they die", async () => {
    const { space, ...shared } = create();
    const random = new Random(7);
    const kills = casesOf(40);
    const lane = async (seed: number) => {
      for (let kill = 0; kill < kills / 2; kill++) {
        const worker = inWorker(exchange, { ...shared, seed: seed * 100 + kill, turns: Number.POSITIVE_INFINITY });
        await message(worker);
        await new Promise((resolve) => setTimeout(resolve, random.below(20)));
        await worker.terminate();
      }
    };
    await Promise.all([lane(1), lane(2)]);
    for (let slot = 2; slot <= 16; slot++) {
      while (space.kernel.is_live(slot)) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(shared.wrong[0]).toBe(0);
    freeMail(space, shared.mailboxes);
    expect(countBlocks(space)).toBeLessThanOrEqual(kills);
  });
});
