#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(`coldpress needs Node 22.18 or newer; this is ${process.versions.node}`);
  process.exit(2);
}
enableCompileCache();

try {
  // Only now: an older Node could not even load it.
  const { main } = await import('../lib/cli/main.ts');
  await main(process.argv);
} catch (error) {
  process.exitCode = report(error as Error & { code?: string; hint?: string; exitCode?: number });
}

/** Prints an error, once, here, and gives the exit code: 2 for what the user can mend, 1 for a bug of ours. */
function report(error: Error & { code?: string; hint?: string; exitCode?: number }): number {
  if (error.name === 'CommanderError') {
    // Commander has printed it, and help and version are no failure.
    return error.exitCode === 0 ? 0 : 2;
  }
  if (error.name !== 'ColdpressError') {
    console.error(error);
    console.error('\nThis is a bug of coldpress; please report it with the lines above.');
    return 1;
  }
  console.error(`${error.code}: ${error.message}`);
  if (error.hint !== undefined) {
    console.error(`  ${error.hint}`);
  }
  return error.code === 'INTERRUPTED' ? 130 : 2;
}
