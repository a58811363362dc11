import { batchItemFailures } from './answers.ts';
import type { Source } from './source.ts';

/** The end of a stream's tumbling window: no records, so none failed. */
export const empty: Source<{ Records: [] }> = {
  name: 'empty',
  matches: event => Array.isArray(event.Records) && event.Records.length === 0,
  handle: async () => batchItemFailures([], 0),
};
