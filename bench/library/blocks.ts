import type { Allocator } from "./peer.js";

/** Stamps blocks that are addresses of bytes in `words`. */
export const addresses = {
  stamp(words: Int32Array, address: number, bytes: number, stamp: number): void {
    words[address >>> 2] = stamp;
    words[(address + bytes - 4) >>> 2] = stamp;
  },
  intact: (words: Int32Array, address: number, bytes: number, stamp: number): boolean =>
    words[address >>> 2] === stamp && words[(address + bytes - 4) >>> 2] === stamp,
};

/** Stamps blocks that are views. */
export const views: Pick<Allocator<Uint8Array>, "stamp" | "intact"> = {
  stamp(view, bytes, stamp) {
    view[0] = stamp;
    view[bytes - 1] = stamp;
  },
  intact: (view, bytes, stamp) => view[0] === (stamp & 255) && view[bytes - 1] === (stamp & 255),
};
