import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServedArtifact, serveArtifact } from '../../lib/local/serve.ts';
import { pack } from '../../lib/pack/pack.ts';
import { folder, root } from '../cli/coldpress.ts';
import { host } from './tiny-artifact.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const executablePath = '/usr/bin/chromium';
let served: ServedArtifact;

beforeAll(async () => {
  const out = join(folder('playground'), 'out');
  await pack({
    cwd: root,
    env: { ...process.env, COLDPRESS_CACHE_DIR: folder('playground-cache') },
    model: 'examples/breast-cancer/model.onnx',
    arch: host.arch === 'arm64' ? 'arm64' : 'x64',
    out,
  });
  served = await serveArtifact(out, { host, port: 0 });
}, 60_000);

afterAll(() => served?.close());

test('the page is small, and whole', async () => {
  const page = await (await fetch(`${served.url}/_coldpress/`)).text();
  expect(Buffer.byteLength(page)).toBeLessThan(60_000);
  expect(page).not.toMatch(/(src|href)="(?!data:)/);
});

describe.skipIf(!existsSync(executablePath)).each(['light', 'dark'] as const)(
  'in Chromium, %s',
  colorScheme => {
    test('it asks, answers, and keeps to WCAG', { timeout: 60_000 }, async () => {
      const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
      try {
        const page: Page = await browser.newPage({ colorScheme });
        const asked: string[] = [];
        page.on('request', request => asked.push(request.url()));
        await page.goto(`${served.url}/_coldpress/`);
        await page.getByRole('button', { name: 'Predict' }).focus();
        await page.keyboard.press('Enter');
        await page.locator('#latency', { hasText: '200 in' }).waitFor();
        expect(await page.locator('#answer').textContent()).toContain('output_probability');
        await page.getByRole('button', { name: 'Python' }).click();
        expect(await page.locator('#code').textContent()).toContain('urllib.request');
        await page.evaluate(axe);
        const violations = await page.evaluate(
          'axe.run().then(({ violations }) => violations.map(({ id }) => id))',
        );
        expect(violations).toEqual([]);
        expect(asked.filter(url => !url.startsWith(served.url) && !url.startsWith('data:'))).toEqual([]);
        await page.getByLabel('float_input', { exact: false }).first().fill('no JSON');
        await page.getByRole('button', { name: 'Predict' }).click();
        expect(await page.locator('#answer').textContent()).toContain('float_input: the value is not JSON');
        if (process.env.SHOTS !== undefined) {
          await page.screenshot({ path: `${process.env.SHOTS}/${colorScheme}.png`, fullPage: true });
        }
      } finally {
        await browser.close();
      }
    });
  },
);
