/**
 * Degree: how many processors one representative of an object serves. They are a cluster: those from c * degree on, as
 * many as that. With 1 each processor has its own; with as many as there are processors, all have the same one.
 *
 * Invariant: each processor is in one cluster.
 *
 * @source Gamsa et al., Tornado, OSDI 1999, section 3.1; K42: CObjRootMultiRep, whose COSMgr::clusterSetMask shifts by
 *   the cluster's number, and not by its first processor
 */

export function clusterOf(degree: u32, processor: u32): u32 {
  return processor / degree;
}

export function clustersOf(degree: u32, processors: u32): u32 {
  return (processors + degree - 1) / degree;
}

export function firstOf(degree: u32, cluster: u32): u32 {
  return cluster * degree;
}

/** The first processor that is not in the cluster any more. */
export function endOf(degree: u32, cluster: u32, processors: u32): u32 {
  return min((cluster + 1) * degree, processors);
}
