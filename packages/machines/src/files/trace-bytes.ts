import { createReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { TraceError } from "../machines/simulated/trace/parser.js";
import type { TraceBytes } from "../machines/simulated/trace/replay.js";

/** Bytes a chunk. */
const CHUNK = 2 ** 18;

/** The first bytes of a gzip file (RFC 1952). */
const GZIP = Buffer.of(0x1f, 0x8b);

/** A file's bytes, one chunk after the other; unpacked if it begins as gzip does, whatever its name. */
export class FileBytes implements TraceBytes {
  readonly #stream;
  #chunks: AsyncIterator<Buffer> | undefined;

  constructor(readonly file: string) {
    this.#stream = createReadStream(file, { highWaterMark: CHUNK });
    // Whoever reads hears of an error; one that comes after the last reading concerns nobody.
    this.#stream.on("error", () => {});
  }

  /** Bytes of the file that were read, packed if it is. */
  get bytesRead(): number {
    return this.#stream.bytesRead;
  }

  /**
   * The next chunk, undefined at the end.
   *
   * @throws TraceError if the file cannot be read or its gzip is damaged
   */
  async next(): Promise<Buffer | undefined> {
    try {
      this.#chunks ??= (await this.#open())[Symbol.asyncIterator]();
      const { done, value } = await this.#chunks.next();
      return done ? undefined : value;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const packed = code?.startsWith("Z_");
      throw new TraceError(
        `Cannot read ${this.file}: received ${packed ? `damaged gzip (${message})` : (code ?? message)}; ` +
          `expected ${packed ? "a whole gzip file" : "a file that can be read"}`,
      );
    }
  }

  /** Ends the reading, wherever it is. */
  close(): void {
    this.#stream.destroy();
  }

  async #open(): Promise<Readable> {
    const file = this.#stream;
    const magic = await firstBytes(file, GZIP.length);
    if (magic !== undefined) file.unshift(magic);
    if (!magic?.equals(GZIP)) return file;
    return pipeline(file, createGunzip({ chunkSize: CHUNK }), () => {});
  }
}

/** The first bytes of a stream that has not been read, fewer if it has no more, undefined if it has none. */
function firstBytes(stream: Readable, count: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      stream.off("readable", onReadable).off("end", onEnd).off("error", onError);
      finish();
    };
    const onReadable = () => {
      const bytes: Buffer | null = stream.read(count);
      if (bytes !== null) settle(() => resolve(bytes));
    };
    const onEnd = () => settle(() => resolve(undefined));
    const onError = (error: Error) => settle(() => reject(error));
    stream.on("readable", onReadable).on("end", onEnd).on("error", onError);
  });
}
