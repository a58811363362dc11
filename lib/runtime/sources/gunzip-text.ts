/** Of what Lambda's payload of 6 MB inflates to: text of logs takes a tenth, and a bomb a thousandth. */
const mostBytes = 2 ** 26;

/** @throws Error for what is not gzip, and for more than any log has */
export function gunzipText(data: Buffer): string {
  // Loaded when first needed: sources of other events lie in the same file.
  const { gunzipSync } = process.getBuiltinModule('node:zlib');
  return gunzipSync(data, { maxOutputLength: mostBytes }).toString('utf8');
}
