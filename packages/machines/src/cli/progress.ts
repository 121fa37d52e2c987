/** One line at the bottom of a terminal that says how far a long command is; nothing where no terminal reads it. */
export class ProgressLine {
  readonly #terminal = process.stderr.isTTY;

  show(done: number, total: number, text: string): void {
    if (!this.#terminal) return;
    const width = 24;
    const filled = Math.round((done / total) * width);
    process.stderr.write(`\r\x1b[2K${"█".repeat(filled)}${"░".repeat(width - filled)} ${done}/${total} ${text}`);
  }

  /** Of a command that cannot tell how long it will be. */
  showSoFar(text: string): void {
    if (this.#terminal) process.stderr.write(`\r\x1b[2K${text} so far`);
  }

  clear(): void {
    if (this.#terminal) process.stderr.write("\r\x1b[2K");
  }
}
