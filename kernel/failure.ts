/** Why a kernel stops the whole machine, which says the name, the function and the line. */
export enum Failure {
  /** Nothing to run. */
  NoImage = 1,
  /** A word that is not known, `frames=1`, or `quantum=` of less than 5,000. */
  BadArgument = 2,
  /** `frames=` needs it. */
  NoSecondDisk = 3,
  /** Not enough for what each process needs at once: its table's root, a line, the pages of tables for its data. */
  OutOfMemory = 4,
  /** An image does not export the function that it is to begin with. */
  NoFunction = 5,
}
