import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { ServedArtifact } from '../../lib/local/serve.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Opens the page for the length of `use`; whatever it asks of others, or complains of, is a failure. */
export async function visitPlayground(
  context: BrowserContext,
  { url, playgroundUrl }: ServedArtifact,
  use: (page: Page) => Promise<void>,
) {
  const page = await context.newPage();
  const strange: string[] = [];
  page.on('request', request => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(url)) {
      strange.push(request.url());
    }
  });
  page.on('pageerror', error => strange.push(error.message));
  try {
    await page.goto(playgroundUrl!);
    await use(page);
    expect(strange).toEqual([]);
  } finally {
    await page.close();
  }
}

/** Asks what the form holds, and waits for the answer. */
export async function predict(page: Page, status = 200): Promise<string> {
  await page.getByRole('button', { name: 'Predict' }).click();
  await page.locator('#latency', { hasText: `${status} in` }).waitFor();
  return answer(page);
}

/** What the page shows of it. */
export async function answer(page: Page): Promise<string> {
  return (await page.locator('#answer').textContent()) ?? '';
}

/** By axe-core, which knows WCAG. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe);
  const violations =
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))';
  expect(await page.evaluate(violations)).toEqual([]);
}

/** By the browser's Paint Timing. */
export async function firstPaints(page: Page, url: string): Promise<number[]> {
  const paints: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await page.goto(url);
    const paint = `new Promise(resolve => new PerformanceObserver(list => resolve(list.getEntries()[0].startTime))
      .observe({ type: 'paint', buffered: true }))`;
    paints.push(Math.round(await page.evaluate<number>(paint)));
  }
  return paints;
}

/** As from the desktop, onto the page's one place for pictures. */
export async function drop(page: Page, bytes: Buffer, type: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(`
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob('${bytes.toString('base64')}'), letter => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], 'dropped', { type: '${type}' }));
    transfer`);
  await page.dispatchEvent('.drop', 'drop', { dataTransfer });
}
