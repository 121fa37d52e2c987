/** A trace that cannot be read, in one line: what, what was received, what was expected. */
export class TraceError extends Error {
  override readonly name = "TraceError";
}

/** References that are parsed before they are replayed. */
const BATCH = 4096;

/** Bytes of the longest line: a longer one is malformed, and no reason to need memory for it. */
const LONGEST_LINE = 4096;

/** Characters of a malformed line that its error shows. */
const SHOWN = 60;

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Some editors, and PowerShell, put it before a file in UTF-8. */
const BOM = [0xef, 0xbb, 0xbf];

const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const ZERO = 0x30;
const HASH = 0x23;
/** Small letters; the bit makes one of a capital. */
const SMALL = 0x20;
const P = 0x70;
const R = 0x72;
const W = 0x77;
const X = 0x78;
const NO_DIGIT = 255;

/** Digits of a 64-bit address. */
const MAXIMUM_DIGITS = 16;

/** By byte: the value of a hexadecimal digit. */
const HEX = new Uint8Array(256).fill(NO_DIGIT);
for (let digit = 0; digit < 16; digit++) {
  const text = digit.toString(16);
  HEX[text.charCodeAt(0)] = digit;
  HEX[text.toUpperCase().charCodeAt(0)] = digit;
}

/**
 * Lines of a trace, taken from bytes in place: `processor r|w hexaddress` or, in the trace of one processor,
 * `r|w hexaddress`. The address has 1 to 16 digits, with or without 0x, after which there may be a space; the processor may
 * be written P0, and letters may be capitals. Fields are separated by spaces or tabs, which may also stand around them; `#`
 * begins a comment; lines end with LF or CRLF; blank lines count as lines and say nothing. A byte order mark before all of
 * them is passed over.
 *
 * The bytes come in chunks, cut anywhere: `push` one, `parse` until it returns 0, push the next, and `end` at last.
 * Holds one chunk and one batch of references.
 */
export class TraceParser {
  /** The batch, valid to the count that `parse` returned: the arguments of `SnoopingBus.access`. */
  readonly processors = new Uint16Array(BATCH);
  readonly writes = new Uint8Array(BATCH);
  readonly high = new Int32Array(BATCH);
  readonly low = new Int32Array(BATCH);
  #chunk = new Uint8Array();
  /** Where the next line begins, and where the last whole line ends. */
  #position = 0;
  #end = 0;
  /** Lines parsed so far. */
  #lines = 0;

  /**
   * @param file named in errors
   * @param processors 1 to 65,536; those in the trace are 0 to that less one
   * @param processor whose trace it is; undefined where each line says so
   */
  constructor(
    readonly file: string,
    readonly limit: number,
    readonly processor?: number,
  ) {
    if (processor !== undefined) this.processors.fill(processor);
  }

  /** @throws TraceError at a line that is longer than any reference */
  push(chunk: Uint8Array): void {
    const rest = this.#chunk.subarray(this.#position);
    this.#chunk = new Uint8Array(rest.length + chunk.length);
    this.#chunk.set(rest);
    this.#chunk.set(chunk, rest.length);
    this.#position = 0;
    this.#end = this.#chunk.lastIndexOf(NEWLINE) + 1;
    // Of whole lines the next parse() speaks first.
    if (this.#end === 0 && this.#chunk.length > LONGEST_LINE) this.#refuse(0);
  }

  /** No more bytes: the last line needs no end. */
  end(): void {
    if (this.#position < this.#chunk.length) this.push(Uint8Array.of(NEWLINE));
  }

  /**
   * Parses as many whole lines as the batch takes; returns the references, 0 if it needs more bytes.
   *
   * @throws TraceError with the line's number
   */
  parse(): number {
    const { processors, writes, high, low, limit } = this;
    const named = this.processor === undefined;
    const chunk = this.#chunk;
    const end = this.#end;
    let position = this.#position;
    let count = 0;
    if (this.#lines === 0 && position === 0 && end > 0 && BOM.every((byte, i) => chunk[i] === byte)) {
      position = BOM.length;
    }
    // Every line that begins before `end` has its newline, at which each of the steps below stops.
    while (position < end && count < BATCH) {
      let at = position;
      let byte = chunk[at]!;
      while (byte === SPACE || byte === TAB || byte === RETURN) byte = chunk[++at]!;
      if (byte === HASH) while (byte !== NEWLINE) byte = chunk[++at]!;
      if (byte !== NEWLINE) {
        if (named) {
          if ((byte | SMALL) === P) byte = chunk[++at]!;
          let processor = byte - ZERO;
          if (processor < 0 || processor > 9) this.#refuse(position);
          for (byte = chunk[++at]!; byte >= ZERO && byte <= ZERO + 9; byte = chunk[++at]!) {
            processor = processor * 10 + byte - ZERO;
          }
          if (processor >= limit || (byte !== SPACE && byte !== TAB)) this.#refuse(position);
          processors[count] = processor;
          while (byte === SPACE || byte === TAB) byte = chunk[++at]!;
        }
        byte |= SMALL;
        if (byte !== R && byte !== W) this.#refuse(position);
        writes[count] = byte === W ? 1 : 0;
        byte = chunk[++at]!;
        if (byte !== SPACE && byte !== TAB) this.#refuse(position);
        while (byte === SPACE || byte === TAB) byte = chunk[++at]!;
        if (byte === ZERO && (chunk[at + 1]! | SMALL) === X) {
          at += 2;
          byte = chunk[at]!;
          while (byte === SPACE || byte === TAB) byte = chunk[++at]!;
        }
        const digits = at;
        let upper = 0;
        let lower = 0;
        for (let digit = HEX[byte]!; digit !== NO_DIGIT; digit = HEX[byte]!) {
          upper = (upper << 4) | (lower >>> 28);
          lower = (lower << 4) | digit;
          byte = chunk[++at]!;
        }
        if (at === digits || at - digits > MAXIMUM_DIGITS) this.#refuse(position);
        while (byte === SPACE || byte === TAB || byte === RETURN) byte = chunk[++at]!;
        if (byte === HASH) while (byte !== NEWLINE) byte = chunk[++at]!;
        if (byte !== NEWLINE || at - position > LONGEST_LINE) this.#refuse(position);
        high[count] = upper;
        low[count++] = lower;
      }
      this.#lines++;
      position = at + 1;
    }
    this.#position = position;
    return count;
  }

  #refuse(position: number): never {
    const newline = this.#chunk.indexOf(NEWLINE, position);
    const line = this.#chunk.subarray(position, newline < 0 ? undefined : newline);
    const text = UTF8.decode(line.subarray(0, SHOWN)).trimEnd();
    const named = this.processor === undefined;
    throw new TraceError(
      `Cannot read ${this.file}: line ${this.#lines + 1}: ` +
        `received ${JSON.stringify(line.length > SHOWN ? `${text}...` : text)}; ` +
        `expected "${named ? "processor " : ""}r|w hexaddress"` +
        (named ? ` with processor ${this.limit === 1 ? "0" : `0 to ${this.limit - 1}`}` : ""),
    );
  }
}
