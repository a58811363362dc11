/** Writes the list of who may import whom to where it is used: `node test/imports/write.ts`. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { contributingTable, lintOverrides } from './generate.ts';

const biome = new URL('../../biome.json', import.meta.url);
writeFileSync(
  biome,
  JSON.stringify({ ...JSON.parse(readFileSync(biome, 'utf8')), overrides: lintOverrides() }),
);
execFileSync('npx', ['biome', 'format', '--write', 'biome.json'], { cwd: new URL('../..', import.meta.url) });

const contributing = new URL('../../CONTRIBUTING.md', import.meta.url);
const text = readFileSync(contributing, 'utf8');
writeFileSync(
  contributing,
  text.replace(/^\| folder \|[\s\S]*?\n(?!\|)/m, () => `${contributingTable()}\n`),
);
