/**
 * Writes docs/images from a folder in which the tutorial's commands were run: `node test/docs/write-pictures.ts FOLDER`. It needs
 * Chromium.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';

const folder = resolve(process.argv[2]!);
const root = new URL('../../', import.meta.url).pathname;
const images = join(root, 'docs/images');
mkdirSync(images, { recursive: true });

const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync)!;
const chrome = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const page = await chrome.newPage({ viewport: { width: 900, height: 640 }, colorScheme: 'light' });

const server = spawn(
  process.execPath,
  [join(root, 'bin/coldpress.js'), 'serve', 'build', '--port', '0', '--json'],
  {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
for await (const line of createInterface(server.stdout)) {
  const { playgroundUrl } = JSON.parse(line);
  if (playgroundUrl !== undefined) {
    await page.goto(playgroundUrl);
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.locator('#latency', { hasText: '200 in' }).waitFor();
    await take(page, 'playground');
    break;
  }
}
server.kill('SIGINT');

for (const [file, name, height] of [
  ['report/report.html', 'cold-start', 640],
  ['drift.html', 'drift', 900],
] as const) {
  await page.setViewportSize({ width: 900, height });
  await page.goto(pathToFileURL(join(folder, file)).href);
  await take(page, name);
}
await chrome.close();

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(images, `${name}.png`) });
}
