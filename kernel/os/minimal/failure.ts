/** Why the kernel stops the whole machine, which says the name, the function and the line. */
export enum Failure {
  /** Nothing to run. */
  NoImage = 1,
  UnknownArgument = 2,
  /** `frames=` is less than 2: an instruction may need two pages at a time. */
  FewFrames = 3,
  /** Pages that have no frame need a second disk. */
  NoSecondDisk = 4,
  OutOfMemory = 5,
}
