import { batchItemFailures } from './answers.ts';
import type { Source } from './source.ts';

/** What a stream sends at the end of a tumbling window: no records, of which none failed. */
export const empty: Source<{ Records: [] }> = {
  name: 'empty',
  matches: event => Array.isArray(event.Records) && event.Records.length === 0,
  handle: async () => batchItemFailures([], 0),
};
