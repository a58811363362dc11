import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { advise } from '../../lib/advise/advise.ts';
import { formatAdvicePage } from '../../lib/advise/report/page.ts';
import type { Given } from '../../lib/advise/situation.ts';
import { folder } from '../cli/coldpress.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const executablePath = '/usr/bin/chromium';
const dir = folder('advice');

const pages: [name: string, given: Given][] = [
  ['function', { modelBytes: 47e6 }],
  ['instance', { modelBytes: 47e6, requestsPerMonth: 50e6, coldMs: 488, warmMs: 65 }],
  ['no-price', { modelBytes: 1e12, cloud: 'azure' }],
];

describe.skipIf(!existsSync(executablePath))('the page in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(() => browser?.close());

  test.each(['light', 'dark'] as const)(
    '%s: keeps to WCAG, fits a telephone, asks nobody',
    {
      timeout: 60_000,
    },
    async colorScheme => {
      const page = await browser.newPage({ colorScheme });
      const asked: string[] = [];
      page.on('request', request => asked.push(request.url()));
      for (const [name, given] of pages) {
        const file = join(dir, `${name}.html`);
        writeFileSync(file, await formatAdvicePage(advise(given)));
        await page.setViewportSize({ width: 1000, height: 800 });
        await page.goto(pathToFileURL(file).href);
        await page.evaluate(axe);
        const violations = await page.evaluate(
          'axe.run().then(({ violations }) => violations.map(({ id }) => id))',
        );
        expect([name, violations]).toEqual([name, []]);
        await shoot(page, `${name}-${colorScheme}-1000`);
        await page.setViewportSize({ width: 360, height: 800 });
        // What is wider scrolls in a place of its own.
        const wider = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
        expect([name, wider]).toEqual([name, false]);
        await shoot(page, `${name}-${colorScheme}-360`);
      }
      expect(asked.filter(url => !/^(?:file|data):/.test(url))).toEqual([]);
      await page.close();
    },
  );

  test('the marks stand apart, and the traffic that was said is on the chart', {
    timeout: 60_000,
  }, async () => {
    const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
    await page.setContent(await formatAdvicePage(advise({ requestsPerMonth: 1e12 })));
    const boxes = await Promise.all(
      ['yours', 'break-even'].map(text => page.locator('svg text', { hasText: text }).first().boundingBox()),
    );
    const [yours, even] = boxes.map(box => box!);
    expect(yours!.y >= even!.y + even!.height || even!.y >= yours!.y + yours!.height).toBe(true);
    const chart = (await page.locator('svg').first().boundingBox())!;
    expect(yours!.x + yours!.width).toBeLessThanOrEqual(chart.x + chart.width);
    await page.close();
  });
});

/** Keeps a picture for whoever wants to look. */
async function shoot(page: Page, name: string): Promise<void> {
  if (process.env.SHOTS !== undefined) {
    await page.screenshot({ path: join(process.env.SHOTS, `advice-${name}.png`), fullPage: true });
  }
}
