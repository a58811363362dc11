import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { hostOf } from '../../lib/local/host.ts';
import { invokeOnce } from '../../lib/local/invoke.ts';
import { pack } from '../../lib/pack/pack.ts';
import { arm64Machine } from './arm64-machine.ts';

const example = fileURLToPath(new URL('../../examples/breast-cancer', import.meta.url));
const event = join(example, 'event.json');
const scratch = mkdtempSync(join(tmpdir(), 'coldpress-arm64-'));

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What a runtime client does: imports the handler's module, and hands it an event. */
const driver = `import { readFileSync } from 'node:fs';
const { handler } = await import(process.argv[2]);
const answer = await handler(JSON.parse(readFileSync(process.argv[3], 'utf8')), { getRemainingTimeInMillis: () => 60_000 });
console.log(JSON.stringify({ arch: process.arch, answer }));`;

// Emulated, a cold start takes seconds; fetching the emulated machine's files takes longer, once.
const timeout = 300_000;

test.for(['layer', 'inline'] as const)(
  '%s: on arm64 the function answers what the same bundle answers here',
  { timeout },
  async (native, { skip }) => {
    const machine = arm64Machine(process.env);
    if (typeof machine === 'string') {
      return skip(machine);
    }
    const out = join(scratch, native);
    await pack({ cwd: example, env: process.env, arch: 'arm64', engine: 'onnxruntime', native, out });
    const here = await invokeOnce(out, { host: hostOf(process), event: readFileSync(event, 'utf8') });
    expect(here).toMatchObject({ statusCode: 200, engine: { kind: 'host' } });

    // Nothing but what was packed.
    const [task, opt] = [join(scratch, `${native}-task`), join(scratch, `${native}-opt`)];
    cpSync(join(out, 'function'), task, { recursive: true });
    if (native === 'layer') {
      cpSync(join(out, 'layer'), opt, { recursive: true });
    }
    writeFileSync(join(scratch, 'driver.mjs'), driver);
    const modules = { NODE_PATH: join(opt, 'nodejs/node_modules') };
    const printed = machine([join(scratch, 'driver.mjs'), join(task, 'index.mjs'), event], modules);
    // Lines of telemetry come before and after it.
    const there = JSON.parse(printed.split('\n').find(line => line.startsWith('{"arch"'))!);

    expect(there).toMatchObject({ arch: 'arm64', answer: { statusCode: 200 } });
    const { label, probabilities } = JSON.parse(there.answer.body);
    const answer = here.answer as { label: string; probabilities: Record<string, number> };
    expect(label).toBe(answer.label);
    for (const [name, probability] of Object.entries(answer.probabilities)) {
      // CPUs differ in the last bits.
      expect(probabilities[name]).toBeCloseTo(probability, 5);
    }
  },
);
