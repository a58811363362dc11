import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commands } from '../../lib/cli/main.ts';
import { withHelp } from './help.ts';

const pages = new URL('../../docs/commands/', import.meta.url);

test('every command has a page, and every page a command', () => {
  const named = readdirSync(pages).map(file => file.replace(/\.md$/, ''));
  expect(named.sort()).toEqual(Object.keys(commands).sort());
});

describe.each(Object.keys(commands))('docs/commands/%s.md', name => {
  const page = readFileSync(new URL(`${name}.md`, pages), 'utf8');

  test('has the help that the command prints (node test/docs/write-help.ts)', async () => {
    expect(page).toBe(await withHelp(name, page));
    expect(page).toContain(`Usage: coldpress ${name} `);
  });

  test('says more than the help', () => {
    const prose = page.replace(/```[\s\S]*?```/g, '').trim();
    expect(prose.split(/\s+/).length).toBeGreaterThan(25);
  });
});
