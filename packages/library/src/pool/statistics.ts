export type PoolStatistics = unknown;
export function statisticsOf(..._x: any[]): PoolStatistics {
  return {};
}
export function inspected(..._x: any[]): string {
  return "";
}
