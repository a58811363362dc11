/** Maximum bytes that Lambda's 6 MB payload may inflate to: logs compress to a tenth, a zip bomb to a thousandth. */
const mostBytes = 2 ** 26;

/** @throws Error if the data is not gzip, or larger than any log */
export function gunzipText(data: Buffer): string {
  // Loaded on first use, because sources of other events are in the same file.
  const { gunzipSync } = process.getBuiltinModule('node:zlib');
  return gunzipSync(data, { maxOutputLength: mostBytes }).toString('utf8');
}
