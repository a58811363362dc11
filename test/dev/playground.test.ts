import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { startDev } from '../../lib/dev/dev.ts';
import { folder } from '../cli/coldpress.ts';
import { expectAccessible, predict } from '../local/playground-page.ts';
import { host } from '../local/tiny-artifact.ts';
import { doubling } from '../model/doubling.ts';

const executablePath = '/usr/bin/chromium';
const broken = "export default { model: 'none.onnx' };\n";
const whole = `export default { model: 'doubling.onnx', arch: '${host.arch === 'arm64' ? 'arm64' : 'x64'}' };\n`;

test.skipIf(!existsSync(executablePath))('an error stands in the browser until it is mended', async () => {
  const cwd = folder('dev-playground');
  const config = join(cwd, 'coldpress.config.ts');
  writeFileSync(join(cwd, 'doubling.onnx'), doubling());
  writeFileSync(config, broken);
  const dev = await startDev({ cwd, processEnv: process.env, host, port: 0, onEvent: () => {} });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const trouble = page.locator('#trouble');
    await page.goto(`${dev.url}/_coldpress/`);
    expect(await trouble.textContent()).toContain('none.onnx');
    await expectAccessible(page);
    writeFileSync(config, whole);
    await page.getByRole('heading', { name: 'doubling' }).waitFor();
    await page.getByRole('tab', { name: 'Tensors' }).click();
    expect(JSON.parse(await predict(page)).outputs[0].shape).toEqual([2, 2]);
    expect(await trouble.textContent()).toBe('');
    writeFileSync(config, broken);
    await trouble.filter({ hasText: 'none.onnx' }).waitFor();
    await expectAccessible(page);
    expect(JSON.parse(await predict(page)).outputs[0].shape).toEqual([2, 2]);
    writeFileSync(config, whole);
    await expect.poll(() => trouble.textContent(), { timeout: 20_000 }).toBe('');
  } finally {
    await browser.close();
    await dev.close();
  }
});
