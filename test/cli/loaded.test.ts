import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { folder, run } from './coldpress.ts';

const hook = join(folder('loaded'), 'hook.mjs');
writeFileSync(
  hook,
  `import { registerHooks } from 'node:module';
registerHooks({
  load(url, context, next) {
    process.stderr.write('loaded ' + url + '\\n');
    return next(url, context);
  },
});
`,
);

/** Commands are loaded when named, and load no more than they need: it is the time that each of them takes to begin. */
test.each([
  ['deploy', /lib\/(bench|cdk|pack|model|local\/(?!host|options|lambda-options))|node_modules\/@/],
  ['promote', /lib\/(bench|cdk|pack|model|local|aws)\/|node_modules\/@/],
  ['inspect', /lib\/(bench|cdk|local|aws|gcp)\/|node_modules\/@(aws|google)/],
])('%s loads nothing of the others', async (command, others) => {
  const env = { NODE_OPTIONS: `--import ${pathToFileURL(hook)}` };
  const { stderr } = await run([command, '--help'], { env });
  const loaded = [...stderr.matchAll(/^loaded (.*)$/gm)].map(([, url]) => url!);
  expect(loaded.filter(url => url.includes(`/lib/cli/${command}.`))).toHaveLength(1);
  expect(loaded.filter(url => others.test(url))).toEqual([]);
});
