import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const allowed = /^(handlers\/|lib\/runtime\/|lib\/contract\/)/;

// Those in a folder ship by themselves, of more.
const entries = readdirSync(`${root}/handlers`, { withFileTypes: true }).filter(entry => entry.isFile());

test.each(entries.map(({ name }) => name))(
  'handlers/%s is made of handlers, lib/runtime and lib/contract',
  async entry => {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: [`handlers/${entry}`],
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
      metafile: true,
    });
    expect(Object.keys(metafile.inputs).filter(path => !allowed.test(path))).toEqual([]);
  },
);
