import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseHTML } from 'linkedom';
import { chromium } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { conclude } from '../../lib/bench/conclude.ts';
import { formatTerminal } from '../../lib/bench/report/terminal.ts';
import { renderReport } from '../../lib/bench/report/write.ts';
import type { BenchResult } from '../../lib/bench/result.ts';
import { emptyFolder } from '../local/tiny-artifact.ts';
import { dataOf } from './script.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const steady = Array.from({ length: 30 }, (_, i) => 100 + (i % 5));
const times = (factor: number) => steady.map(ms => ms * factor);
const hostile = '<img src=x onerror=alert(1)>&"';

/** Every chart, a name that would break a page, an outlier, warnings. */
const result: BenchResult = conclude(
  dataOf(
    {
      naive: times(2),
      hello: times(0.4),
      'packed @512': times(1.4),
      'packed @1024': [...steady.slice(1), 400],
      [hostile]: times(1.1),
    },
    { facts: { 'packed @512': { memoryMb: 512 } } },
  ),
);
let files: Record<string, string>;

beforeAll(async () => {
  files = await renderReport(result);
});

test('the page holds everything, and asks nothing of anyone', () => {
  const page = files['report.html']!;
  const { document } = parseHTML(page);
  expect(document.querySelectorAll('figure .wide svg').length).toBe(5);
  expect(document.querySelectorAll('tbody tr').length).toBe(5);
  expect(document.querySelectorAll('img, link[rel=stylesheet], script[src], iframe').length).toBe(0);
  // What the chart library marks a chart with that it has doubts about.
  expect(page).not.toContain('⚠');
  // A name space is no address.
  expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\/|@import|url\(/);
  expect(JSON.parse(document.querySelector('#result')!.textContent!)).toEqual(
    JSON.parse(JSON.stringify(result)),
  );
});

test('the picture is one SVG with both colour schemes', () => {
  const picture = files['phases.svg']!;
  expect(picture).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox/);
  expect(picture).toContain('prefers-color-scheme:dark');
  expect(picture).not.toMatch(/NaN|undefined|<img/);
  const { document } = parseHTML(picture);
  expect(document.querySelectorAll('svg svg').length).toBe(1);
  expect(document.querySelectorAll('rect[fill^="var(--"]').length).toBeGreaterThan(20);
});

test('Markdown has one row a variant and shows the picture', () => {
  expect(files['report.md']!.split('\n').filter(line => line.startsWith('| ')).length).toBe(7);
  expect(files['report.md']).toContain('](phases.svg)');
});

test('one variant with one sample has a report too', async () => {
  const alone = await renderReport(conclude(dataOf({ a: [100] })));
  expect(alone['report.html']).not.toMatch(/NaN|undefined/);
  expect(alone['report.html']).toContain('one sample gives no confidence interval');
});

test('a terminal without colours has bars of letters, as long as they last', () => {
  const text = formatTerminal(conclude(dataOf({ naive: times(2), packed: steady })), false);
  expect(text).toContain('naive   pppppppppppppppppppppppphhhhhhnnnnnnnnnnnnmmmmmmfffaaaaaaaaa 204 ms');
  expect(text).toContain('packed  pppppppppppphhhnnnnnnmmmffaaaa 102 ms');
  expect(text).toContain('0.50 [0.50, 0.50]');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape is what must not be there.
  expect(text).not.toMatch(/\u001b/);
});

const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

describe.skipIf(browser === undefined)('in a browser (skipped: none is installed)', () => {
  test.each(['light', 'dark'] as const)(
    '%s: drawn, keeps to WCAG, fits a telephone, nothing is fetched',
    async colorScheme => {
      const file = join(await emptyFolder(), 'report.html');
      writeFileSync(file, files['report.html']!);
      const flags = ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking'];
      const chrome = await chromium.launch({ executablePath: browser!, args: flags });
      try {
        const page = await chrome.newPage({ colorScheme, viewport: { width: 1000, height: 800 } });
        const asked: string[] = [];
        const problems: string[] = [];
        page.on('request', request => asked.push(request.url()));
        page.on('console', message => problems.push(message.text()));
        page.on('pageerror', error => problems.push(error.message));
        await page.goto(pathToFileURL(file).href);
        expect(asked.filter(url => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
        expect(problems).toEqual([]);
        const seen = await page.evaluate(`({
        paper: getComputedStyle(document.body).backgroundColor,
        bar: getComputedStyle(document.querySelector('figure svg rect')).fill,
        wide: document.documentElement.scrollWidth - innerWidth,
      })`);
        expect(seen).toEqual(
          colorScheme === 'light'
            ? { paper: 'rgb(255, 255, 255)', bar: 'rgb(154, 164, 174)', wide: 0 }
            : { paper: 'rgb(13, 17, 23)', bar: 'rgb(110, 118, 129)', wide: 0 },
        );
        await page.evaluate(axe);
        const broken = 'axe.run().then(({ violations }) => violations.map(({ id }) => id))';
        expect(await page.evaluate(broken)).toEqual([]);
        // A page that is drawn has more than its paper.
        expect((await page.screenshot({ fullPage: true })).length).toBeGreaterThan(30_000);
        await page.setViewportSize({ width: 360, height: 800 });
        // What is wider scrolls in a place of its own.
        expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
      } finally {
        await chrome.close();
      }
    },
  );
});
