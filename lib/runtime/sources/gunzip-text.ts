import { gunzipSync } from 'node:zlib';

/** Of what Lambda's payload of 6 MB inflates to: text of logs takes a tenth, and a bomb a thousandth. */
const mostBytes = 2 ** 26;

/** @throws Error for what is not gzip, and for more than any log has */
export function gunzipText(data: Buffer): string {
  return gunzipSync(data, { maxOutputLength: mostBytes }).toString('utf8');
}
