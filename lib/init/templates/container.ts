import type { Project } from '../project.ts';

/** What an image may be called: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
export function imageName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'model'
  );
}

/** The script of package.json that makes an image of what was packed. */
export function imageScript({ name }: Project): string {
  return [
    'coldpress deploy build --target container --emit dockerfile > Dockerfile',
    `docker build --file Dockerfile --tag ${imageName(name)} build`,
  ].join(' && ');
}

/** `bin/replay.ts`: sends a server the request that was proven when it was packed. */
export function replayContainer({ name }: Project): string {
  return `import assert from 'node:assert/strict';
import { checkAnswer, golden, noGolden } from '../test/golden.ts';

/**
 * node bin/replay.ts URL: where the container is, or \`coldpress serve\`. TOKEN is sent as the bearer's, if it is set.
 */
const [url = 'http://127.0.0.1:8080'] = process.argv.slice(2);
if (golden === undefined) {
  throw new Error(noGolden);
}
const token = process.env.TOKEN;
const response = await fetch(\`\${url.replace(/\\/$/, '')}/v2/models/${name}/infer\`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', ...(token && { authorization: \`Bearer \${token}\` }) },
  body: JSON.stringify(golden.request),
});
const text = await response.text();
assert.equal(response.status, 200, text);
checkAnswer(JSON.parse(text), golden);
console.log(\`\${url} answers its golden vector\`);
`;
}
