import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseConfig } from '../../lib/pack/config.ts';
import { apiPages } from './api.ts';

const docs = new URL('../../docs/', import.meta.url);

test('docs/api and docs/configuration.md are what the TSDoc makes (node test/docs/write-api.ts)', async () => {
  const pages = await apiPages();
  for (const [path, page] of Object.entries(pages)) {
    expect(existsSync(new URL(path, docs)), path).toBe(true);
    expect(readFileSync(new URL(path, docs), 'utf8'), path).toBe(page);
  }
  const written = readdirSync(new URL('api', docs), { recursive: true, encoding: 'utf8' });
  expect(written.filter(name => name.endsWith('.md')).map(name => `api/${name}`)).toEqual(
    expect.arrayContaining(Object.keys(pages).filter(path => path.startsWith('api/'))),
  );
}, 300_000);

const page = readFileSync(new URL('configuration.md', docs), 'utf8');
const sections = page
  .split(/^## /m)
  .slice(1)
  .map(section => ({
    name: /^\w+/.exec(section)![0],
    section,
    example: /```ts\n([\s\S]*?)\n```/.exec(section)![1]!,
  }));

test.each(sections)(
  'the example of $name is a valid config that has each of its options',
  ({ name, section, example }) => {
    const config = new Function(`return { ${example} }`)();
    expect(Object.keys(parseConfig(config, 'example'))).toEqual([name]);
    const options = [...section.matchAll(/^\| `([\w.]+)`( \(|)/gm)].filter(([, , ofKind]) => ofKind === '');
    for (const [, path] of options) {
      expect(example).toMatch(new RegExp(`\\b${path!.split('.').at(-1)}:`));
    }
  },
);
