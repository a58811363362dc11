import type { Project } from '../project.ts';

/** A valid image name: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
export function imageName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'model'
  );
}

/** The package.json script that builds an image of the artifact. */
export function imageScript({ name }: Project): string {
  return [
    'coldpress deploy build --target container --emit dockerfile > Dockerfile',
    `docker build --file Dockerfile --tag ${imageName(name)} build`,
  ].join(' && ');
}

/** `bin/replay.ts`: sends a server the records that it was tested with. */
export function replayContainer(): string {
  return `import assert from 'node:assert/strict';
import { checkResults, noRecords, records } from '../test/samples.ts';

/**
 * node bin/replay.ts URL: the address of the container or of \`coldpress serve\`. TOKEN, if set, is sent as the bearer token.
 */
const [url = 'http://127.0.0.1:8080'] = process.argv.slice(2);
if (records.length === 0) {
  throw new Error(noRecords);
}
const token = process.env.TOKEN;
const response = await fetch(\`\${url.replace(/\\/$/, '')}/\`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', ...(token && { authorization: \`Bearer \${token}\` }) },
  body: JSON.stringify(records),
});
const text = await response.text();
assert.equal(response.status, 200, text);
checkResults(JSON.parse(text));
console.log(\`\${url} returned the expected results for all samples\`);
`;
}
