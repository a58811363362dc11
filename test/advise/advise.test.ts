import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { advise } from '../../lib/advise/advise.ts';
import { questions } from '../../lib/advise/decide.ts';
import { formatAdvice } from '../../lib/advise/format.ts';
import { options } from '../../lib/advise/options.ts';
import { hourlyPrices } from '../../lib/advise/prices.ts';
import { formatAdvicePage } from '../../lib/advise/report/page.ts';
import { cases } from './cases.ts';

const page = readFileSync(new URL('../../docs/advise.md', import.meta.url), 'utf8');

describe('the worked cases', () => {
  test.each(cases)('$name: $option, $usd USD', ({ given, option, usd }) => {
    const { recommended } = advise(given);
    expect(recommended.id).toBe(option);
    expect(Math.abs(recommended.monthlyUsd! - usd)).toBeLessThanOrEqual(0.05 * usd);
  });

  test.each(cases)('$name: its arithmetic stands in docs/advise.md', ({ name, usd }) => {
    const row = page.split('\n').find(line => line.startsWith('|') && line.includes(`| ${name} |`));
    expect(row).toContain(`**$${usd}**`);
  });
});

test('the tree ends at the question that was answered with yes', () => {
  const { path } = advise({ needsGpu: true });
  expect(path.map(({ answer }) => answer)).toEqual(['no', 'no', 'yes']);
  expect(advise({}).path).toHaveLength(questions.length);
});

test('at the break-even both cost the same, and above it the answer is another', () => {
  const given = { modelBytes: 47e6, coldMs: 488, warmMs: 65 };
  const { breakEvenRequests, alwaysOn } = advise(given);
  const below = advise({ ...given, requestsPerMonth: breakEvenRequests! - 1 });
  const above = advise({ ...given, requestsPerMonth: breakEvenRequests! + 1 });
  expect(below.recommended.id).toBe('lambda');
  expect(above.recommended.id).toBe('api');
  expect(below.recommended.monthlyUsd!).toBeCloseTo(alwaysOn!.monthlyUsd, 3);
  expect(below.changes[0]).toEqual({
    if: `there were ${breakEvenRequests!.toLocaleString('en-US')} requests a month`,
    option: 'a plain API wrapper on an instance',
  });
});

test('of functions there are no numbers where none can do it', () => {
  const { coldShare, breakEvenRequests, alwaysOn } = advise({ needsGpu: true, cloud: 'aws' });
  expect([coldShare, breakEvenRequests, alwaysOn?.id]).toEqual([null, null, 'sagemaker']);
  expect(advise({ onDevices: true }).alwaysOn).toBeNull();
  expect(formatAdvice(advise({ onDevices: true }), false)).toContain('No function can do it');
});

test('what would change the answer does', () => {
  for (const { given } of cases) {
    const { recommended, changes } = advise(given);
    expect(changes.length).toBeGreaterThan(0);
    expect(changes.map(({ option }) => option)).not.toContain(recommended.title);
  }
});

test('what was not said is named as assumed', () => {
  const { assumed } = advise({ requestsPerMonth: 5, warmMs: 1 });
  expect(assumed).toContain('latencyMs');
  expect(assumed).not.toContain('requestsPerMonth');
  expect(formatAdvice(advise({ requestsPerMonth: 5 }), false)).toMatch(/Said: 5 requests a month\./);
});

test('a model that the engine cannot run goes into a container, and it is said why', () => {
  const { recommended, options } = advise({ obstacles: ['no kernel for Foo'] });
  expect(recommended.id).toBe('container');
  expect(recommended.reasons.join(' ')).toContain('no kernel for Foo');
  expect(options.find(({ id }) => id === 'lambda')?.cannot).toContain('no kernel for Foo');
});

test('every hourly price is dated and has a source, and docs/advise.md has it', () => {
  for (const { dated, source, title, perHour } of Object.values(hourlyPrices)) {
    expect(dated).toMatch(/^20\d\d-\d\d$/);
    expect(new URL(source).protocol).toBe('https:');
    expect(page).toContain(`| ${title} | ${Number(perHour.toFixed(5))} |`);
  }
});

describe('the page', () => {
  test('lights the branch that was taken, and no other', async () => {
    const html = await formatAdvicePage(advise({ needsGpu: true }));
    const tree = /<svg[^>]*class="tree"[\s\S]*?<\/svg>/.exec(html)![0];
    const lit = [...tree.matchAll(/<text class="lit" [^>]*>([^<]+)</g)].map(([, text]) => text);
    expect(lit).toEqual([...questions.slice(0, 3).map(({ ask }) => ask), 'managed platform']);
  });

  test('asks nothing of any server, and has every option and both colour schemes', async () => {
    const html = await formatAdvicePage(advise({}));
    const withoutSources = html
      .replace(/<a href="[^"]*">/g, '')
      .replace(/<script type="application\/json"[\s\S]*?<\/script>/, '');
    expect(withoutSources).not.toMatch(/(?:src|href|url\(|@import)[=("' ]*https?:/);
    expect(html).toContain('prefers-color-scheme:dark');
    for (const { title } of options) {
      expect(html).toContain(title);
    }
  });

  test('escapes what a model says', async () => {
    const html = await formatAdvicePage(advise({ obstacles: ['<script>alert(1)</script>'] }));
    expect(html).not.toContain('<script>alert');
  });
});
