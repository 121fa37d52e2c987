/**
 * What a simulated machine is: data. All times are whole cycles of one processor unless a field says otherwise; the
 * simulated machine knows no numbers of its own.
 */
import type { Geometry } from "../simulated/memory/cache.js";

export interface MachineDescription {
  /** By which commands know it: lower-case letters, digits and hyphens. */
  readonly name: string;
  readonly title: string;
  /** What the machine was, and what of it the model leaves out. */
  readonly text: string;
  /** Where each figure is from: papers, manuals; "calibrated" where it was fitted to a base cost, and to which. */
  readonly sources: readonly string[];
  readonly processor: ProcessorDescription;
  readonly readModifyWrite: ReadModifyWrite;
  readonly architecture: BusArchitecture | DistributedArchitecture | DanceHallArchitecture | ClusterArchitecture;
  /** What kernels need: present where one can boot. Not with a cluster's processors. */
  readonly privileged?: PrivilegedDescription;
}

/** Kernel mode, translation, interrupts and devices; kernel/privileged.ts says what each instruction does. */
export interface PrivilegedDescription {
  /** Bytes of a page: a power of two, 512 to 16384, and no less than a line. */
  readonly page: number;
  readonly tlb: TlbDescription;
  /** Who finds the translation that the TLB lacks: the kernel, by a trap; or the processor, in tables that it reads. */
  readonly reload: "software" | WalkDescription;
  /** Spaces that the TLB tells apart, 1 or more; with 1, a change of the space drops all translations but global ones. */
  readonly spaces: number;
  /** Whether the kernel's own references and functions take translations, too. Absent: they do not. */
  readonly mappedKernel?: {
    /** Cycles of a miss, which the processor itself answers: the kernel's addresses are physical. */
    readonly miss: number;
  };
  /** Cycles from a trap to the handler's first instruction, and from its return to the program's next one. */
  readonly trap: { readonly enter: number; readonly leave: number };
  /** The same of `call`, and of its return into the kernel. */
  readonly call: { readonly enter: number; readonly leave: number };
  /** Cycles of `switch_to` to keep the registers of one context, and to load those of another. */
  readonly context: { readonly keep: number; readonly load: number };
  /** Cycles of `set_space`, without those of the misses that follow. */
  readonly setSpace: number;
  /** Cycles of `write_translation`, and of `drop_translations`. */
  readonly translation: { readonly write: number; readonly drop: number };
  /** Cycles to send an interrupt, of its way to the processor, 1 or more, and from there to the handler's first instruction. */
  readonly interrupt: { readonly send: number; readonly way: number; readonly take: number };
  readonly disk: DiskDescription;
  /** Cycles from a request to its interrupt: of every one, and for each byte. */
  readonly console: { readonly latency: number; readonly byte: number };
  readonly network: { readonly latency: number; readonly byte: number };
}

export interface TlbDescription {
  readonly entries: number;
  /** Entries of a set; as many as there are entries: fully associative. */
  readonly ways: number;
  /** Pages that one entry maps: 2 are an even page and the odd one after it, each with a translation of its own. */
  readonly pages: 1 | 2;
  readonly replacement: "random" | "least recently used" | "not last used";
}

export interface WalkDescription {
  /** Cycles of a walk beyond its two loads, which go through the caches. */
  readonly overhead: number;
}

/**
 * One arm over equal tracks: a request takes seek, half a rotation and its transfer, and waits for those before it. One that
 * waited for the block before its own takes its transfer alone.
 */
export interface DiskDescription {
  /** Cycles of a seek to the next track, and over all of them; none for a block after the last one's. */
  readonly seek: { readonly least: number; readonly most: number };
  /** Cycles of one rotation. */
  readonly rotation: number;
  /** Cycles for each byte. */
  readonly byte: number;
  /** Bytes of a track. */
  readonly track: number;
}

export interface ProcessorDescription {
  /** The most processors, 1 to 4096. */
  readonly maximum: number;
  /** Cycles a microsecond. */
  readonly megahertz: number;
  /** Cycles of an instruction of the register code, without its memory access; 1 or more. */
  readonly cyclesPerInstruction: number;
  /** Cycles of the machine instruction pause. */
  readonly pause: number;
  /** Cycles from a notify until the processor that slept in memory.atomic.wait goes on. */
  readonly wake: number;
}

/** WebAssembly's names for fetch_and_store, fetch_and_add (and increment), ..., compare_and_swap. */
export type ReadModifyWriteInstruction = "exchange" | "add" | "subtract" | "and" | "or" | "xor" | "compare exchange";

export interface ReadModifyWrite {
  /** Those that return the value before. A program that executes another one does not run here. */
  readonly instructions: readonly ReadModifyWriteInstruction[];
  /** Those that exist, but whose result cannot be used. */
  readonly withoutResult: readonly ReadModifyWriteInstruction[];
  /** Whether the cache that holds the line exclusively executes it, or the memory module: where nothing is cached. */
  readonly at: "cache" | "memory";
  /**
   * Present where it is a load-linked and a store-conditional, which fails, so that both are done again, if the cache has
   * lost the line in between. Absent: the cache, or the memory, executes it as one.
   */
  readonly linked?: true;
  /** Cycles of the processor beyond those of a write; of a linked one, between its load and its store. */
  readonly overhead: number;
  /** Cycles for which the line, or the memory module, serves nobody else, beyond those of a write. */
  readonly occupancy: number;
}

/** A private cache of each processor: write-back, write-allocate, least recently used. */
export interface CacheDescription extends Geometry {
  /** Cycles of a hit beyond the instruction's own. */
  readonly hit: number;
  /** The coherence protocol's name. */
  readonly protocol: string;
}

export interface MemoryDescription {
  /** Cycles from a request's arrival to the data, when nobody else is served. */
  readonly latency: number;
  /** Cycles for which a request keeps the module (or bank) from serving the next one, 1 to `latency`. */
  readonly occupancy: number;
}

/** Symmetric multiprocessor: caches and memory on one bus, which every cache watches. */
export interface BusArchitecture {
  readonly kind: "bus";
  readonly cache: CacheDescription;
  readonly bus: BusDescription;
  readonly memory: MemoryDescription & {
    /** Interleaved by line. */
    readonly banks: number;
    /** Between the bus and the memory, for all processors: a chip multiprocessor's second level. Its lines are as long. */
    readonly cache?: SharedCacheDescription;
  };
}

/**
 * A cache that processors share, write-back, write-allocate, least recently used. It neither holds all that their own caches
 * hold, nor takes anything away from them.
 */
export interface SharedCacheDescription {
  /** Bytes of data: a power of two, or that times three. */
  readonly size: number;
  readonly ways: number;
  /** Cycles from a request's arrival to the data, 1 or more, in the place of the memory's. */
  readonly latency: number;
  /** Cycles for which a request keeps it from serving the next one, 1 to `latency`. */
  readonly occupancy: number;
}

export interface BusDescription {
  /** Held from the address to the data, or free for others in between. */
  readonly mode: "atomic" | "split";
  /** Cycles from asking for the free bus to having it, 1 or more: no cache sees another's reference in its cycle. */
  readonly arbitration: number;
  /** Cycles that an address takes: all of an upgrade. */
  readonly address: number;
  /** Cycles that a line's data takes. */
  readonly line: number;
  /** Cycles that one word's data takes: an update. */
  readonly word: number;
  /** Cycles from the address to the data that another cache supplies. */
  readonly cacheToCache: number;
  /**
   * Present where a modified line that a cache supplies to a read goes to memory in a transaction of its own, after the
   * read's, and one that it supplies to a write takes no time to go there. Absent: memory takes either as it passes.
   */
  readonly separateWriteBack?: true;
}

/** Each node has processors and a part of the memory. With a directory: CC-NUMA; without coherence: NCC-NUMA. */
export interface DistributedArchitecture {
  readonly kind: "distributed";
  readonly node: {
    /** Processors of each node, 1 or more. */
    readonly processors: number;
    /** Cycles for which a message between them, their memory and the network holds the node's bus; 0 for none. */
    readonly bus: number;
    /**
     * Cycles for which a reference from another node keeps the node's memory from others, beyond the memory's own: one
     * controller takes the request from the network, serves it and sends the answer. Absent where the network has an
     * interface of its own, and where there is a directory, whose occupancy says it.
     */
    readonly controller?: number;
  };
  readonly network: NetworkDescription;
  readonly memory: MemoryDescription;
  /** Absent: nothing is cached, every reference goes to the memory that has its home. */
  readonly coherence?: DirectoryDescription;
}

/**
 * Processors on one side of the network, memory modules on the other: no memory is nearer than another. The network has
 * two sides, too: a bus, crossbar or butterfly.
 */
export interface DanceHallArchitecture {
  readonly kind: "dance hall";
  readonly modules: number;
  readonly network: NetworkDescription;
  readonly memory: MemoryDescription;
  readonly coherence?: DirectoryDescription;
}

/** A full-map directory at each line's home. */
export interface DirectoryDescription {
  readonly cache: CacheDescription;
  /** 3: caches that are asked answer the requester. 4: they answer the home, it the requester; so in a dance hall. */
  readonly hops: 3 | 4;
  /** Cycles for which the home's directory is occupied by each request, 1 or more. */
  readonly occupancy: number;
  /** Cycles in which a cache that is asked looks a line up. */
  readonly lookup: number;
}

/** Memories that only their own processor reaches; processors send and receive messages. */
export interface ClusterArchitecture {
  readonly kind: "cluster";
  readonly network: NetworkDescription;
  /** Cycles of a memory reference beyond the instruction's own: a private cache's average. */
  readonly memory: { readonly latency: number };
  readonly messages: {
    /** Cycles that a processor takes to send a message of one word. */
    readonly send: number;
    /** Cycles that a processor takes to receive a message that is there. */
    readonly receive: number;
  };
}

/**
 * How messages travel. A link carries one at a time; those that come meanwhile wait in order of arrival, or are sent
 * again where there is a `retry`.
 *
 * bus: one link for all. crossbar: a link into and one out of each node. butterfly: log_radix stages of switches, one
 * link an output. mesh: two dimensions as square as the nodes allow, first x, then y. ring: one direction.
 */
export interface NetworkDescription {
  readonly kind: "bus" | "crossbar" | "butterfly" | "mesh" | "ring";
  /** Inputs and outputs of a butterfly's switch; absent for the others. */
  readonly radix?: number;
  /**
   * Present in a butterfly whose switches queue nothing: mean cycles after which its source sends a message again that
   * met a held link. Only between nodes that cache nothing, because directories need messages in order.
   */
  readonly retry?: number;
  /** Cycles from the begin of a link to the next: switch and wire. */
  readonly hop: number;
  /** Cycles at each end, between the node and the network. */
  readonly interface: number;
  /** Cycles for which a message without data holds each link: a request, an invalidation, an acknowledgement. */
  readonly control: number;
  /** The same for a message with one word. */
  readonly word: number;
  /** The same for a message with a line. */
  readonly line: number;
}
