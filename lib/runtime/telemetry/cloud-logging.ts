import type { FormatLine } from './observation.ts';

/**
 * Returns a structured line for Cloud Logging, grouped with the request's own line if the project is known.
 * https://cloud.google.com/logging/docs/structured-logging
 */
export const cloudLoggingLine: FormatLine = ({ traceId, ...observation }, { env }) => {
  const project = env.GOOGLE_CLOUD_PROJECT;
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
};
