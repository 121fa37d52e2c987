import { mustBeWhole, wrong } from "./arguments.js";
import { addClass } from "./classes.js";
import type { LibraryKernel } from "./kernel.js";
import { type Existing, SharedObject } from "./shared-object.js";
import type { SharedSpace } from "./space.js";
import { isViewClass, type SharedBytes, type SharedView, type ViewClass } from "./views.js";

const MOST_BYTES = 2 ** 32 - 2 ** 16;

/**
 * Bytes in a space, for whatever a program puts there. All are 0 at first. They begin on a cache line, and share it
 * with nothing else. Views of them stay valid when the space grows. For data that several workers use at once, use
 * `Atomics` or a lock.
 *
 * Every worker of the space may call every method, and none blocks. Memory: 128 bytes besides. Sizes up to 32 KiB are
 * rounded up by at most a quarter, larger ones to a multiple of 64 KiB.
 *
 * See docs/library/shared-buffer.md.
 *
 * @example
 * ```ts
 * import { SharedBuffer, SharedSpace } from "landspout";
 *
 * const buffer = new SharedBuffer(new SharedSpace(), 800);
 * const numbers = buffer.view(Float64Array);
 * numbers[99] = Math.PI;
 * console.log(numbers.length, buffer.byteLength, buffer.bytes.length); // 100 800 800
 * ```
 */
export class SharedBuffer extends SharedObject {
  /** The number of bytes; 0 if the buffer was freed before this worker received it. */
  readonly byteLength: number;
  readonly #bytes: SharedBytes;

  /** @internal */
  constructor(existing: Existing);
  /**
   * @param bytes how many, 0 to 4 GiB less 64 KiB
   * @throws {TypeError} {RangeError} if `bytes` is not such a number
   * @throws {SpaceFullError}
   */
  constructor(space: SharedSpace, bytes: number);
  constructor(at: SharedSpace | Existing, bytes?: number) {
    const create = (kernel: LibraryKernel) => {
      mustBeWhole(bytes, "make a SharedBuffer", 0, MOST_BYTES, "bytes");
      return kernel.buffer_create(bytes);
    };
    super(at, "SharedBuffer", create);
    const { space } = this;
    const begin = space.kernel.buffer_address(this.handle.address) >>> 0;
    const length = space.kernel.buffer_bytes(this.handle.address) >>> 0;
    // What was freed before it was received is empty: something else may lie there.
    this.byteLength = this.freed ? 0 : length;
    const { buffer } = space.bytes(begin, this.byteLength);
    this.#bytes = new Uint8Array(buffer as SharedArrayBuffer, this.byteLength && begin, this.byteLength);
  }

  /** The bytes themselves, not a copy. @throws {FreedError} */
  get bytes(): SharedBytes {
    this.space.mustBeOpen();
    this.mustExist("view");
    return this.#bytes;
  }

  /**
   * A view of the bytes: `buffer.view(Float64Array)` has as many elements as there is room for.
   *
   * @param kind the class of a typed array, or DataView
   * @throws {TypeError} if `kind` is another value
   * @throws {FreedError}
   */
  view<Kind extends ViewClass>(kind: Kind): SharedView<Kind> {
    if (!isViewClass(kind)) throw wrong("view a SharedBuffer", kind, "the class of a typed array, or DataView");
    const { buffer, byteOffset, byteLength } = this.bytes;
    const length = Math.floor(byteLength / (kind.BYTES_PER_ELEMENT ?? 1));
    return new kind(buffer as SharedArrayBuffer, byteOffset, length) as SharedView<Kind>;
  }

  /** @internal */
  protected override madeWith(): unknown[] {
    return [this.byteLength];
  }
}
addClass("SharedBuffer", SharedBuffer);
