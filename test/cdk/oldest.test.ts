import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { folder, run } from '../cli/coldpress.ts';
import { root } from './app.ts';

/** The template of every construct, made by Node itself, which links each import. */
async function synthesise(name: string, ...preload: string[]) {
  const outdir = folder(name);
  const env = { ...(process.env as Record<string, string>), CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' };
  const args = [...preload.flatMap(path => ['--import', path]), join(root, 'test/cdk/everything-app.ts')];
  expect(await run(args, { command: process.execPath, env })).toMatchObject({ code: 0 });
  const { Resources } = JSON.parse(readFileSync(join(outdir, 'Everything.template.json'), 'utf8'));
  return Object.values(Resources) as { Type: string; Properties: Record<string, unknown> }[];
}

function countTypes(resources: { Type: string }[]): Record<string, number> {
  const groups = Object.groupBy(resources, ({ Type }) => Type);
  return Object.fromEntries(Object.entries(groups).map(([type, all = []]) => [type, all.length]));
}

test('the oldest release of aws-cdk-lib that is taken makes the same of every construct', async () => {
  const { version } = JSON.parse(
    readFileSync(join(root, 'node_modules/aws-cdk-lib-oldest/package.json'), 'utf8'),
  );
  expect(packageJson.peerDependencies['aws-cdk-lib']).toBe(`^${version}`);
  const oldest = await synthesise('oldest', join(root, 'test/cdk/oldest-cdk.ts'));
  const current = await synthesise('current');
  expect(countTypes(oldest)).toEqual(countTypes(current));
  for (const resources of [oldest, current]) {
    const open = resources.flatMap(({ Type, Properties }) =>
      Type === 'AWS::Lambda::Permission' && Properties.Principal === '*' ? Properties.Action : [],
    );
    expect(open.sort()).toEqual(['lambda:InvokeFunction', 'lambda:InvokeFunctionUrl']);
  }
});
