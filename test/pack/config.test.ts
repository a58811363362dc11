import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig, parseConfig } from '../../lib/pack/config.ts';

/** What is wrong with a config, in the words of its author: the place, the value, and what belongs there. */
const cases: [config: unknown, message: string, hint: RegExp][] = [
  [{ modle: 'x' }, 'unknown option "modle"', /did you mean "model"/],
  [{ http: { warmup: true } }, 'unknown option "http.warmup"', /did you mean "http.warmUp"/],
  [{ xyz: 1 }, 'unknown option "xyz"', /^one of: name, model, /],
  [{ samples: { pth: 'x' } }, 'unknown option "samples.pth"', /did you mean "samples.path"/],
  [
    { sinks: { results: { type: 's3', buckets: 'x' } } },
    'unknown option "sinks.results.buckets"',
    /did you mean "sinks.results.bucket"/,
  ],
  [{ samples: {} }, '"samples.path" is missing', /^expected text; see docs\/configuration/],
  [{ name: 'a b' }, '"name" is "a b"', /letters, digits/],
  [{ name: 5 }, '"name" is 5', /^expected text$/],
  [{ target: 'aws-lamda' }, '"target" is "aws-lamda"', /did you mean aws-lambda/i],
  [{ samples: 5 }, '"samples" is 5', /^expected text or an object$/],
  [
    { samples: { path: 'x', tolerance: { absolute: -1 } } },
    '"samples.tolerance.absolute" is -1',
    /^expected at least 0$/,
  ],
  [{ http: { limits: { batch: 1.5 } } }, '"http.limits.batch" is 1.5', /^expected a whole number$/],
  [{ http: { limits: { depth: 9999 } } }, '"http.limits.depth" is 9999', /^expected at most 1000$/],
  [{ assets: {} }, '"assets" is an object', /^expected a list$/],
  [{ telemetry: true }, '"telemetry" is true', /^expected false or an object$/],
];

test.each(cases)('%j', (config, message, hint) => {
  expect(() => parseConfig(config, 'the config')).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: `the config: ${message}`,
      hint: expect.stringMatching(hint),
    }),
  );
});

/** A config's file, and what comes of it: the options, or the error's code and message. */
const files: [name: string, text: string, found: object | [code: string, message: RegExp]][] = [
  ...['ts', 'mts', 'mjs', 'js'].map((ending): (typeof files)[number] => [
    `coldpress.config.${ending}`,
    "export default { name: 'a' };",
    { name: 'a' },
  ]),
  ['coldpress.config.cjs', "module.exports = { name: 'a' };", { name: 'a' }],
  ...['config.json', 'config.yaml', 'config.toml', 'config.cts', 'conf.ts', 'json', 'yml'].map(
    (ending): (typeof files)[number] => [`coldpress.${ending}`, '{}', ['CONFIG_SYNTAX', /is not read/]],
  ),
  ['.coldpressrc', '{}', ['CONFIG_SYNTAX', /is not read/]],
  ['coldpress.ts', '', {}],
  ['coldpress.lock.json', '{}', {}],
  ['coldpress.config.mjs', 'export default [];', ['CONFIG_INVALID', /exports no config object/]],
  ['coldpress.config.mjs', 'export default null;', ['CONFIG_INVALID', /exports no config object/]],
  [
    'coldpress.config.mjs',
    "export default {\n  get name() {\n    throw new Error('no name');\n  },\n};",
    ['CONFIG_SYNTAX', / cannot be read: no name$/],
  ],
];

test.each(files)('%s: %j', async (name, text, found) => {
  const dir = mkdtempSync(join(tmpdir(), 'coldpress-config-'));
  try {
    writeFileSync(join(dir, name), text);
    const loaded = loadConfig(undefined, dir);
    if (Array.isArray(found)) {
      const [code, message] = found;
      await expect(loaded).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    } else {
      expect((await loaded).config).toEqual(found);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
