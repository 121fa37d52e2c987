export function executorHere(_h: any): number | undefined {
  return undefined;
}
