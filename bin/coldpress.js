#!/usr/bin/env node
// JavaScript, so that an older Node gets one clear line. The published package holds compiled modules, a clone sources.
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`coldpress needs Node 22.18 or newer; this is ${process.versions.node}`);
  process.exit(2);
}
nodeModule.enableCompileCache();
process.stdout.on('error', error => {
  if (error.code !== 'EPIPE') {
    throw error;
  }
  // Its reader, such as head, has seen enough.
  process.exit();
});

const root = fileURLToPath(new URL('..', import.meta.url));
const compiled = new URL('../dist/lib/cli/main.js', import.meta.url);
const source = new URL('../lib/cli/main.ts', import.meta.url);

try {
  const { main } = await import((existsSync(source) ? source : compiled).href);
  await main(process.argv);
} catch (error) {
  process.exitCode = report(error);
}

/** Prints an error, once, here, and gives the exit code: 2 for what the user can mend, 1 for a bug of ours. */
function report(error) {
  if (error.name === 'CommanderError') {
    // Commander has printed help or version; help that nobody asked for is a failure.
    return error.exitCode === 0 ? 0 : 2;
  }
  if (error.name !== 'ColdpressError') {
    console.error(error);
    console.error('\nThis is a bug of coldpress; please report it with the lines above.');
    return 1;
  }
  // Messages of others, of a config that throws or of a JSON parser, may have several lines.
  console.error(`${error.code}: ${error.message.replace(/\s*\n\s*/g, ' ')}`);
  if (error.hint !== undefined) {
    console.error(`  ${error.hint}`);
  }
  if (error.code === 'INTERRUPTED') {
    return 130;
  }
  // Beside this file, in a clone and in the published package.
  console.error(`  ${join(relative(process.cwd(), root), 'docs/errors.md')}#${error.code}`);
  return 2;
}
