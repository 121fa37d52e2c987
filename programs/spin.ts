/** Runs for ever: what goes on beside it does so because the kernel pre-empts it. */
export function run(): void {
  while (true) store<u32>(0, load<u32>(0) + 1);
}
