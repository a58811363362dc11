import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findDrift } from '../../lib/drift/drift.ts';
import { formatDriftPage } from '../../lib/drift/report/page.ts';
import { folder } from '../cli/coldpress.ts';
import { firstDay, logOf, profile } from './churn.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const executablePath = '/usr/bin/chromium';
const dir = folder('page');

const scores = Array.from(
  { length: 200 },
  (_, row) => `${JSON.stringify({ coldpress: 'result', id: `${row}`, result: (row % 10) / 10 })}\n`,
).join('');

const logs: [name: string, log: string][] = [
  ['calm', logOf([{ rows: 60 }])],
  ['drift', logOf([{ rows: 60 }, { rows: 200, shift: 1 }, { rows: 100, shift: 1.5, unseen: 0.3 }]) + scores],
];

const labels = new Map(Array.from({ length: 200 }, (_, row) => [`${row}`, Number(row % 10 > 4)]));

describe.skipIf(!existsSync(executablePath))('the page in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    for (const [name, log] of logs) {
      const report = await findDrift({
        sources: ['-'],
        profile,
        sinceMs: firstDay,
        untilMs: Number.POSITIVE_INFINITY,
        stdin: Readable.from([Buffer.from(log)]),
        today: new Date('2026-11-28'),
        labels: name === 'drift' ? labels : undefined,
      });
      expect(report.drifted).toBe(name === 'drift');
      writeFileSync(join(dir, `${name}.html`), await formatDriftPage(report));
    }
  }, 60_000);
  afterAll(() => browser?.close());

  test.each(['light', 'dark'] as const)(
    '%s: keeps to WCAG, fits a telephone, loads nothing',
    {
      timeout: 60_000,
    },
    async colorScheme => {
      const page = await browser.newPage({ colorScheme });
      const requested: string[] = [];
      page.on('request', request => requested.push(request.url()));
      for (const [name] of logs) {
        await page.setViewportSize({ width: 1000, height: 800 });
        await page.goto(pathToFileURL(join(dir, `${name}.html`)).href);
        await page.evaluate(axe);
        const violations = await page.evaluate(
          'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))',
        );
        expect([name, violations]).toEqual([name, []]);
        if (process.env.SHOTS !== undefined) {
          await page.screenshot({
            path: join(process.env.SHOTS, `drift-${name}-${colorScheme}.png`),
            fullPage: true,
          });
        }
        await page.setViewportSize({ width: 360, height: 800 });
        const isWider = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
        expect([name, isWider]).toEqual([name, false]);
      }
      expect(requested.filter(url => !/^(?:file|data):/.test(url))).toEqual([]);
      await page.close();
    },
  );

  test('the worst column is first, drawn with its bins, and names stay text', {
    timeout: 60_000,
  }, async () => {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(join(dir, 'drift.html')).href);
    expect(await page.locator('tr.marked').first().locator('td').first().textContent()).toBe('charges');
    expect(await page.locator('h3').first().textContent()).toContain('charges');
    // Ten bins, each before and now.
    expect(
      await page.locator('.wide svg[aria-label="Distribution of the feature charges"] rect').count(),
    ).toBe(20);
    expect(await page.locator('.wide svg[aria-label^="Distance from the reference"]').count()).toBe(1);
    expect(await page.locator('h3', { hasText: 'plan <b>' }).count()).toBe(1);
    await page.close();
  });
});
