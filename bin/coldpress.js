#!/usr/bin/env node
// This file is JavaScript, so that an older Node can print one clear line. The published package contains compiled
// modules, a clone sources.
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  const message = `coldpress needs Node 22.18 or newer; this is ${process.versions.node}`;
  const error = { code: 'NODE_VERSION', message, hint: 'install Node 24: https://nodejs.org' };
  if (isJson(process.argv)) {
    console.log(JSON.stringify({ error }));
  } else {
    console.error(message);
  }
  process.exit(2);
}
nodeModule.enableCompileCache();
process.stdout.on('error', error => {
  if (error.code !== 'EPIPE') {
    throw error;
  }
  // The reader, such as `head`, has closed the pipe.
  process.exit();
});
process.stderr.on('error', error => {
  // Without a reader of the messages, the work and its exit code still count.
  if (error.code !== 'EPIPE') {
    throw error;
  }
});

const root = fileURLToPath(new URL('..', import.meta.url));
const compiled = new URL('../dist/lib/cli/main.js', import.meta.url);
const source = new URL('../lib/cli/main.ts', import.meta.url);

try {
  const { main, explainSystemError } = await import((existsSync(source) ? source : compiled).href);
  // Libraries emit errors that nobody can await, as esbuild does where its process cannot be started.
  process.on('uncaughtException', error => process.exit(report(explainSystemError(error))));
  await main(process.argv);
} catch (error) {
  process.exitCode = report(isTooManyFiles(error) ? tooManyFiles(error) : error);
  // What the command left open when it failed must not keep it running.
  setTimeout(() => process.exit(), 5000).unref();
}

/**
 * Prints an error (the only place that does) and returns the exit code: 2 if the user can fix it, 1 for a bug in
 * coldpress.
 */
function report(error) {
  if (error.name === 'CommanderError') {
    // Commander has printed help or the version; help that was not requested counts as a failure.
    return error.exitCode === 0 ? 0 : 2;
  }
  const isOwn = error.name === 'ColdpressError';
  // Next to this file's folder, both in a clone and in the published package.
  const near = relative(process.cwd(), root);
  const docs = isOwn
    ? `${join(near.startsWith('..') ? root : near, 'docs/errors.md')}#${error.code}`
    : undefined;
  if (isJson(process.argv)) {
    const { message, code, table, hint, stack } = error;
    console.log(
      JSON.stringify({
        error: isOwn ? { code, message, table, hint, docs } : { code: 'BUG', message, stack },
      }),
    );
  } else if (isOwn) {
    // Messages from elsewhere, such as a throwing config or a JSON parser, may have several lines.
    console.error(`${error.code}: ${error.message.replace(/\s*\n\s*/g, ' ')}`);
    if (error.table !== undefined) {
      console.error(formatRows(error.table));
    }
    if (error.hint !== undefined) {
      console.error(`  ${error.hint}`);
    }
    if (error.code !== 'INTERRUPTED') {
      console.error(`  ${docs}`);
    }
  } else {
    console.error(error);
    console.error('\nThis is a bug of coldpress; please report it with the lines above.');
  }
  return isOwn ? (error.code === 'INTERRUPTED' ? 130 : 2) : 1;
}

/** Whether a module could not be read, or the package.json that Node reads before it. */
function isTooManyFiles({ code, message }) {
  return (
    code === 'EMFILE' || (code === 'ERR_INVALID_PACKAGE_CONFIG' && message.includes('too many open files'))
  );
}

/** Explains what the commands explain by themselves, once they could be loaded. */
function tooManyFiles({ path, message }) {
  return Object.assign(
    new Error(path === undefined ? message : `too many files are open: ${path} (EMFILE)`),
    {
      name: 'ColdpressError',
      code: 'TOO_MANY_FILES',
      hint: 'raise the limit, which `ulimit -n` prints: ulimit -n 1024',
    },
  );
}

/** Formats rows as columns under their names. */
function formatRows(rows) {
  const names = Object.keys(rows[0]);
  const lines = [names, ...rows.map(row => names.map(name => row[name]))];
  const widths = names.map((_, column) => Math.max(...lines.map(line => line[column].length)));
  return lines
    .map(line => `  ${line.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`.trimEnd())
    .join('\n');
}

/** Whether the caller requested JSON. Reads the raw arguments, because parsing the command line may be what failed. */
function isJson(argv) {
  const end = argv.indexOf('--');
  return argv.slice(2, end < 0 ? undefined : end).includes('--json');
}
