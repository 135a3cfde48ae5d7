/** Connections that stay for people, backups and the server itself. */
const reserved = 10;
/** More than one process can use, and the most that the back end takes (backend/app/settings.py). */
const most = 100;

/**
 * Connections of one pod so that the most pods of every workload, as many terminating ones during a rollout, and the
 * surge of each fit into the database: ⌊(max_connections − 10) / (2 · pods + workloads)⌋, 100 at most.
 * @param pods the most pods of each workload that connects
 */
export function poolSize(maxConnections: number, pods: number[]): number {
  return Math.min(most, Math.floor((maxConnections - reserved) / clients(pods)));
}

/** The fewest connections that leave every pod `size` of them. */
export function connectionsFor(size: number, pods: number[]): number {
  return size * clients(pods) + reserved;
}

function clients(pods: number[]): number {
  return pods.reduce((sum, count) => sum + 2 * count + 1, 0);
}
