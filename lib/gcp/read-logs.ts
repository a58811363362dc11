import { functionsClient } from './clients.ts';
import { explain } from './explain.ts';
import type { ResolvedPlace } from './place.ts';
import { type Call, restCalls } from './rest.ts';

interface Page {
  entries?: object[];
  nextPageToken?: string;
}

/**
 * Reads structured entries of a function's log, oldest first, each a LogEntry.
 * https://docs.cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list
 * @throws ColdpressError CLIENT_MISSING, and Google's errors as `explain` converts them
 */
export async function* readGcpLogs(
  place: ResolvedPlace,
  {
    sinceMs,
    untilMs,
    fields,
    call: given,
  }: { sinceMs: number; untilMs: number; fields: readonly string[]; call?: Call | undefined },
): AsyncIterable<object> {
  const client = given === undefined ? await functionsClient(place) : undefined;
  const call = given ?? restCalls(client!, place);
  const time = (ms: number) => JSON.stringify(new Date(ms).toISOString());
  const body = {
    resourceNames: [`projects/${place.project}`],
    orderBy: 'timestamp asc',
    pageSize: 1000,
    filter: [
      'resource.type="cloud_run_revision"',
      `resource.labels.service_name=${JSON.stringify(place.name)}`,
      `resource.labels.location=${JSON.stringify(place.region)}`,
      `timestamp>=${time(sinceMs)}`,
      `timestamp<${time(untilMs)}`,
      `(${fields.map(field => `jsonPayload.${field}:*`).join(' OR ')})`,
    ].join(' AND '),
  };
  try {
    let pageToken: string | undefined;
    do {
      const page: Page = await call('POST', 'logging', 'v2/entries:list', {
        ...body,
        ...(pageToken !== undefined && { pageToken }),
      });
      yield* page.entries ?? [];
      pageToken = page.nextPageToken || undefined;
    } while (pageToken !== undefined);
  } catch (error) {
    throw explain(error, place, `the log of ${place.name} cannot be read`);
  } finally {
    await client?.close();
  }
}
