import type { Observation } from './observation.ts';

/**
 * Returns a structured line for Cloud Logging, grouped with the request's own line if the project is known.
 * https://cloud.google.com/logging/docs/structured-logging
 */
export function cloudLoggingLine(
  { traceId, ...observation }: Observation,
  project: string | undefined,
): string {
  const { source, records, failures, latencyMs, error } = observation;
  return JSON.stringify({
    severity: error !== undefined ? 'ERROR' : failures > 0 ? 'WARNING' : 'INFO',
    message: `${source}: ${records} records, ${failures} failures, ${latencyMs} ms`,
    ...(traceId !== undefined && {
      'logging.googleapis.com/trace':
        project === undefined ? traceId : `projects/${project}/traces/${traceId}`,
    }),
    ...observation,
  });
}
