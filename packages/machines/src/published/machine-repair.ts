/**
 * The machine-repair model: N tasks come to a queue of c servers, each after a mean time `think`, and are served in a mean
 * time `service`, both exponential (M/M/c//N).
 *
 * @returns tasks served by time
 */
export function machineRepairThroughput(servers: number, tasks: number, service = 1, think = 1): number {
  // Over the states 0 to k present tasks: the sum of the stationary probabilities by the last one, and the mean of the
  // tasks that are not there.
  let total = 1;
  let away = tasks;
  for (let present = 1; present <= tasks; present++) {
    total = 1 + (total * Math.min(present, servers) * think) / ((tasks - present + 1) * service);
    away += (tasks - present - away) / total;
  }
  return away / think;
}
