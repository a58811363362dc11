import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen, unlisten } from '../../lib/local/listen.ts';
import { type ServedArtifact, serveArtifact } from '../../lib/local/serve.ts';
import { pack } from '../../lib/pack/pack.ts';
import { folder, root } from '../cli/coldpress.ts';
import { doubling } from '../model/doubling.ts';
import { answer, drop, expectAccessible, firstPaints, predict, visitPlayground } from './playground-page.ts';
import { host } from './tiny-artifact.ts';

const executablePath = '/usr/bin/chromium';
const picture = join(root, 'examples/image/sample.jpg');

writeFileSync(join(folder('doubling'), 'doubling.onnx'), doubling());
const artifacts = {
  table: { config: 'examples/breast-cancer/coldpress.config.ts' },
  text: { config: 'examples/text/coldpress.config.ts' },
  categories: { config: 'examples/churn/coldpress.config.ts' },
  image: { config: 'examples/image/coldpress.config.ts', engine: 'onnxruntime' },
  booster: { config: 'examples/churn/coldpress.config.ts' },
  gcf: { model: join(folder('doubling'), 'doubling.onnx'), target: 'gcf' },
} as const;
type Name = keyof typeof artifacts;
const names = Object.keys(artifacts) as Name[];
const served = {} as Record<Name, ServedArtifact>;

beforeAll(async () => {
  const arch = host.arch === 'arm64' ? 'arm64' : 'x64';
  for (const name of names) {
    const out = folder(`packed-${name}`);
    await pack({ cwd: root, env: process.env, out, ...artifacts[name], ...(name !== 'gcf' && { arch }) });
    const project = name === 'text' ? join(root, 'examples/text') : out;
    served[name] = await serveArtifact(out, { host: { ...host, cwd: project }, port: 0 });
  }
});

afterAll(() => Promise.all(Object.values(served).map(artifact => artifact.close())));

test.each(names)('the page of %s is small, whole, and may ask this server alone', async name => {
  const response = await fetch(served[name].playgroundUrl!);
  const page = await response.text();
  expect(Buffer.byteLength(page)).toBeLessThan(60_000);
  expect(page).not.toMatch(/(src|href)="(?!data:)/);
  expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*connect-src 'self'/);
});

test('a function that takes events has none', async () => {
  const events = await serveArtifact(folder('packed-gcf'), { host, port: 0, signature: 'cloudevent' });
  try {
    expect(events.playgroundUrl).toBeUndefined();
    expect((await fetch(`${events.url}/_coldpress/`)).status).toBe(404);
    const health = await fetch(`${events.url}/_coldpress/health`);
    expect(await health.json()).toMatchObject({ status: 'ok', name: 'doubling', engine: expect.any(String) });
  } finally {
    await events.close();
  }
});

describe.skipIf(!existsSync(executablePath))('in Chromium', () => {
  let browser: Browser;
  let context: BrowserContext;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  });
  afterAll(() => browser?.close());

  function visit(name: Name, use: (page: Page) => Promise<void>) {
    return visitPlayground(context, served[name], use);
  }

  test.each(names)('%s keeps to WCAG and to its width, light and dark', async name => {
    await visit(name, async page => {
      await predict(page);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const width of [360, 1280]) {
          await page.setViewportSize({ width, height: 800 });
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
          if (process.env.SHOTS !== undefined) {
            const path = join(process.env.SHOTS, `${name}-${colorScheme}-${width}.png`);
            await page.screenshot({ path, fullPage: true });
          }
        }
        await expectAccessible(page);
      }
    });
  });

  test('the page at GET / keeps to WCAG and to its width, light and dark', async () => {
    const page = await context.newPage();
    await page.setExtraHTTPHeaders({ accept: 'text/html' });
    await page.goto(`${served.table.url}/`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [390, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        if (process.env.SHOTS !== undefined) {
          const path = join(process.env.SHOTS, `docs-${colorScheme}-${width}.png`);
          await page.screenshot({ path, fullPage: true });
        }
      }
      await expectAccessible(page);
    }
    await page.close();
  });

  test('an error answer keeps to WCAG, light and dark', async () => {
    await visit('gcf', async page => {
      await page.getByRole('tab', { name: 'Tensors' }).click();
      await page.getByLabel('shape of x').fill('[7, 2]');
      expect(await predict(page, 400)).toMatch(/its shape says 14/);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await expectAccessible(page);
      }
    });
  });

  test('it paints, and prints how soon', async () => {
    const empty = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>empty</title>.'),
    );
    const port = await listen(empty, 0);
    const page = await context.newPage();
    // A figure for the reader, beside what the browser takes for nothing: a busy machine is no fault of the page.
    const own = await firstPaints(page, served.table.playgroundUrl!);
    const nothing = await firstPaints(page, `http://127.0.0.1:${port}/`);
    process.stdout.write(
      `first paint, in ms: playground ${own.join(', ')}; an empty page ${nothing.join(', ')}\n`,
    );
    expect(Math.min(...own)).toBeGreaterThan(0);
    await page.close();
    await unlisten(empty);
  });

  test.each(names)(
    'the phases of the last cold start of %s, which its engine has, outlast a reload',
    async name => {
      await visit(name, async page => {
        await predict(page);
        await page.reload();
        expect(await page.locator('#phases dt').allTextContents()).toEqual(
          name === 'image' || name === 'text'
            ? ['boot', 'native', 'model', 'first']
            : ['boot', 'model', 'first'],
        );
        expect(await page.locator('#phases .bar').last().isVisible()).toBe(true);
      });
    },
  );

  test('a record is a form, answered as the score does', async () => {
    await visit('table', async page => {
      const radius = page.getByLabel('mean radius', { exact: true });
      const before = JSON.parse(await predict(page));
      expect(before).toMatchObject({ label: expect.any(String) });
      await radius.fill('6.5');
      await page.getByText('As JSON', { exact: true }).click();
      const text = page.getByRole('textbox', { name: /^Record/ });
      const record = JSON.parse(await text.inputValue());
      expect([Object.keys(record).length, record['mean radius']]).toEqual([30, 6.5]);
      expect(JSON.parse(await predict(page))).not.toEqual(before);
      await radius.fill('');
      expect(JSON.parse(await text.inputValue())['mean radius']).toBeNull();
      await text.fill('no JSON');
      expect(await radius.isVisible()).toBe(false);
      await page.getByRole('button', { name: 'Predict' }).click();
      await page.getByText('The record is not JSON').first().waitFor();
    });
  });

  test('outputs that are computed only on request are chosen', async () => {
    await visit('booster', async page => {
      expect(JSON.parse(await predict(page))).not.toHaveProperty('contributions');
      await page.getByLabel('contributions').check();
      await page.getByLabel('margin').check();
      expect(await page.locator('#code').textContent()).toContain('?outputs=margin,contributions');
      await page.getByRole('button', { name: 'Predict' }).click();
      await page.locator('#answer', { hasText: 'contributions' }).waitFor();
      const answered = JSON.parse(await answer(page));
      expect(answered).toMatchObject({
        margin: expect.any(Number),
        contributions: { bias: expect.any(Number) },
      });
    });
  });

  test('a text model takes text, from the record of its project', async () => {
    await visit('text', async page => {
      const box = page.getByLabel('text', { exact: true });
      expect(await box.inputValue()).not.toBe('');
      await box.fill('my parcel has not "arrived" yet');
      expect(await predict(page)).toContain('delivery');
    });
  });

  test('tensors have a tab of their own', async () => {
    await visit('table', async page => {
      await page.getByRole('tab', { name: 'Record' }).focus();
      await page.keyboard.press('ArrowRight');
      const tensor = page.getByRole('textbox', { name: /^float_input/ });
      await tensor.fill(JSON.stringify([Array(30).fill(1), Array(30).fill(2)]));
      await page.getByLabel('shape of float_input').fill('[2,30]');
      expect(JSON.parse(await predict(page)).outputs[0].shape).toEqual([2]);
      await tensor.fill('no JSON');
      await page.getByRole('button', { name: 'Predict' }).click();
      await page.getByText('float_input: the value is not JSON').first().waitFor();
      await expectAccessible(page);
    });
  });

  const programs = {
    curl: (code: string) => ['sh', ['-c', code]],
    TypeScript: (code: string) => [process.execPath, ['--input-type=module-typescript', '-e', code]],
    Python: (code: string) => ['python3', ['-c', code]],
  } satisfies Record<string, (code: string) => [program: string, args: string[]]>;
  const hasPython = spawnSync('python3', ['--version']).status === 0;
  const languages = (Object.keys(programs) as (keyof typeof programs)[]).filter(
    language => language !== 'Python' || hasPython,
  );
  test.each(
    (['table', 'text', 'gcf'] as const).flatMap(name => languages.map(language => [name, language] as const)),
  )('of %s the request in %s runs as it is, and is answered alike', async (name, language) => {
    await visit(name, async page => {
      const expected = JSON.parse(await predict(page));
      await page.getByRole('button', { name: language }).click();
      const [program, args] = programs[language]((await page.locator('#code').textContent())!);
      const { stdout } = await promisify(execFile)(program, args);
      if (language === 'curl') {
        expect(JSON.parse(stdout)).toEqual(expected);
      }
      expect(stdout.length).toBeGreaterThan(2);
    });
  });

  test('a dropped picture becomes the model’s input', async () => {
    await visit('image', async page => {
      await drop(page, readFileSync(picture), 'image/jpeg');
      await page.getByRole('img', { name: 'What the model gets' }).waitFor();
      const data: number[] = JSON.parse(await page.getByRole('textbox', { name: /^image/ }).inputValue());
      expect(data).toHaveLength(3 * 64 * 64);
      expect(data.every(value => value >= 0 && value <= 1)).toBe(true);
      const [plain, stripes, checks, dots] = JSON.parse(await predict(page)).outputs[0].data;
      expect(checks).toBeGreaterThan(Math.max(plain, stripes, dots));
      expect(await page.locator('#code').textContent()).toMatch(/--json @request\.json$/);
      const saving = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Save request.json' }).click();
      const saved = JSON.parse(readFileSync(await (await saving).path(), 'utf8'));
      expect(saved.inputs[0]).toEqual({ name: 'image', datatype: 'FP32', shape: [1, 3, 64, 64], data });
      await expectAccessible(page);
      await drop(page, Buffer.from('no picture'), 'image/png');
      await page.getByText('is not a picture that the browser can read').waitFor();
    });
  });

  test('categories are chosen, or missing', async () => {
    await visit('categories', async page => {
      const plan = page.locator('[data-field=plan]');
      const record = async () => JSON.parse(await page.locator('#record').inputValue());
      expect(await plan.locator('option').allTextContents()).toEqual([
        'missing',
        'basic',
        'plus',
        'family',
        'business',
      ]);
      const before = await predict(page);
      await plan.selectOption('family');
      expect(await record()).toMatchObject({ plan: 'family' });
      const chosen = await predict(page);
      await plan.selectOption({ label: 'missing' });
      expect(await record()).toMatchObject({ plan: null });
      expect(new Set([before, chosen, await predict(page)]).size).toBe(3);
    });
  });

  test('a picture can be chosen', async () => {
    await visit('image', async page => {
      await page.getByLabel('Picture for image').setInputFiles(picture);
      await page.getByRole('img', { name: 'What the model gets' }).waitFor();
      expect(JSON.parse(await predict(page)).outputs[0].data[2]).toBeGreaterThan(0.5);
    });
  });

  test('the keyboard is enough', async () => {
    await visit('gcf', async page => {
      const focused = `(at => getComputedStyle(at).outlineStyle !== 'none' && (at.id || at.textContent))(document.activeElement)`;
      const order: unknown[] = [];
      for (let i = 0; i < 11; i += 1) {
        await page.keyboard.press('Tab');
        order.push(await page.evaluate(focused));
      }
      expect(order).toEqual(
        [
          ...['tab-record', 'golden vector', 'zeros', 'xx', 'As JSON', 'Predict'],
          ...['curl', 'TypeScript', 'Python', 'copy', 'code'],
        ].map(name => (name === 'xx' ? expect.anything() : name)),
      );
      await page.getByLabel('x', { exact: true }).focus();
      await page.keyboard.press('Control+A');
      await page.keyboard.type('[3, 4]');
      await page.getByRole('button', { name: 'Predict' }).focus();
      await page.keyboard.press('Enter');
      await page.locator('#latency', { hasText: '200 in' }).waitFor();
      expect(JSON.parse(await answer(page))).toEqual({ y: [6, 8] });
      await page.getByRole('button', { name: 'Python' }).focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('#code').textContent()).toContain('urllib.request');
    });
  });

  test('the request is copied as a program', async () => {
    await visit('gcf', async page => {
      await page.getByRole('button', { name: 'TypeScript' }).click();
      await page.getByRole('button', { name: 'Copy' }).click();
      await page.getByText('Copied.').waitFor();
      const copied = await page.evaluate('navigator.clipboard.readText()');
      expect(copied).toBe(await page.locator('#code').textContent());
      expect(copied).toContain("method: 'POST'");
    });
  });
});
