import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { create, toBinary } from '@bufbuild/protobuf';
import { Enums, Models, Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseManifest } from '../../lib/contract/manifest.ts';
import { ModelProtoSchema, StringStringEntryProtoSchema } from '../../lib/model/onnx_pb.ts';
import { readProvenance } from '../../lib/model/provenance.ts';
import { shipped } from '../../lib/native/shipped.ts';
import { pack } from '../../lib/pack/pack.ts';
import { modelComponent } from '../../lib/pack/sbom/model-component.ts';
import { packageSbom } from '../../lib/pack/sbom/package-sbom.ts';
import { writeBom } from '../../lib/pack/sbom/write-bom.ts';
import { graph, model, node, tensorType, value } from '../model/build-model.ts';

const example = fileURLToPath(new URL('../../examples/breast-cancer', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'coldpress-sbom-'));
const { SOURCE_DATE_EPOCH: _, ...env } = process.env;

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The fields that the tests read. */
interface Component {
  type: string;
  name: string;
  purl?: string;
  hashes?: { alg: string; content: string }[];
  licenses?: object[];
  author?: string;
  externalReferences?: { type: string; url: string }[];
  properties?: { name: string; value: string }[];
  components?: Component[];
}

async function faults(text: string) {
  return new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text);
}

const componentsOf = (text: string): Component[] => JSON.parse(text).components;
const sha256Of = (component: Component) => component.hashes?.find(({ alg }) => alg === 'SHA-256')?.content;

describe('an artifact', () => {
  let text: string;

  beforeAll(async () => {
    const sbom = join(scratch, 'copy.json');
    await pack({ cwd: example, env, arch: 'x64', engine: 'onnxruntime', out: join(scratch, 'out'), sbom });
    text = readFileSync(sbom, 'utf8');
  }, 60_000);

  test('is described by the schema of CycloneDX 1.6', async () => {
    expect(await faults(text)).toBe(null);
    expect(JSON.parse(text)).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
  });

  test('has every reference once, and a licence for every package', () => {
    const refs = [...text.matchAll(/"bom-ref": "(.*)"/g)].map(([, ref]) => ref);
    expect(refs.length).toBeGreaterThan(10);
    expect(new Set(refs).size).toBe(refs.length);
    const libraries = componentsOf(text).filter(({ type }) => type === 'library');
    expect(libraries.map(({ name }) => name)).toContain('onnxruntime-node');
    expect(libraries.filter(({ licenses }) => licenses === undefined)).toEqual([]);
  });

  test('the file next to the archives is the one that --sbom writes, and no archive has it', () => {
    expect(readFileSync(join(scratch, 'out/sbom.cdx.json'), 'utf8')).toBe(text);
    const manifest = parseManifest(readFileSync(join(scratch, 'out/function/coldpress.json'), 'utf8'));
    expect([...manifest.files, ...manifest.layer!.files].map(file => file.path).join()).not.toContain('cdx');
  });

  test('names every package whose notices it carries', () => {
    const notices = readFileSync(join(scratch, 'out/function/THIRD-PARTY-NOTICES.txt'), 'utf8');
    const noticed = [...notices.matchAll(/^-{80}\n(\S+) (\S+).*\n-{80}$/gm)].map(
      ([, name, version]) => `pkg:npm/${name!.replace('@', '%40')}@${version}`,
    );
    const purls = componentsOf(text).map(component => component.purl);
    expect(noticed).not.toEqual([]);
    expect(purls).toEqual(expect.arrayContaining(noticed));
  });

  test('names every file with its hash; native files inside the package that they come from', () => {
    const manifest = parseManifest(readFileSync(join(scratch, 'out/function/coldpress.json'), 'utf8'));
    const native = componentsOf(text).find(({ name }) => name === 'onnxruntime-node')!;
    const all = [...componentsOf(text), ...native.components!];
    for (const { path, sha256 } of [...manifest.files, ...manifest.layer!.files]) {
      expect([path, sha256Of(all.find(({ name }) => name === path)!)]).toEqual([path, sha256]);
    }
    expect(native.components!.map(({ properties }) => properties)).toContainEqual([
      { name: 'coldpress:origin:file', value: 'bin/napi-v6/linux/x64/libonnxruntime.so.1' },
    ]);
  });

  test('is the same whenever it is packed, but for a date that SOURCE_DATE_EPOCH sets', async () => {
    const again = async (out: string, extra: NodeJS.ProcessEnv) => {
      await pack({ cwd: example, env: { ...env, ...extra }, arch: 'x64', engine: 'onnxruntime', out });
      return readFileSync(join(out, 'sbom.cdx.json'), 'utf8');
    };
    expect(await again(join(scratch, 'second'), {})).toBe(text);
    const dated = await again(join(scratch, 'dated'), { SOURCE_DATE_EPOCH: '1700000000' });
    expect(JSON.parse(dated).metadata.timestamp).toBe('2023-11-14T22:13:20.000Z');
    await expect(again(join(scratch, 'odd'), { SOURCE_DATE_EPOCH: 'now' })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
  });
});

test('packages that are copied whole are named with their dependencies, and locked', async () => {
  const dir = join(scratch, 'copied');
  const files = {
    'node_modules/fast/package.json': {
      name: 'fast',
      version: '1.2.3',
      license: 'ISC',
      type: 'module',
      exports: './index.js',
      dependencies: { loader: '*' },
    },
    'node_modules/fast/index.js':
      "import { readFileSync } from 'node:fs';\nimport 'loader';\nexport const text = () => readFileSync(new URL('./data.txt', import.meta.url), 'utf8');\n",
    'node_modules/fast/data.txt': 'data',
    'node_modules/loader/package.json': {
      name: 'loader',
      version: '4.5.6',
      license: 'MIT',
      type: 'module',
      exports: './index.js',
    },
    'node_modules/loader/index.js': 'export {};\n',
    'package.json': { type: 'module' },
    'coldpress.config.ts': `export default ${JSON.stringify({ model: join(example, 'model.onnx'), score: './score.ts' })};`,
    'score.ts': `import { text } from 'fast';
      export default {
        encode: (records: unknown[]) => ({ float_input: { text: text(), records } }),
        decode: () => [],
      };`,
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(dir, path, '..'), { recursive: true });
    writeFileSync(join(dir, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  await pack({ cwd: dir, env, arch: 'x64', lock: 'write' });
  const text = readFileSync(join(dir, 'build/sbom.cdx.json'), 'utf8');
  expect(await faults(text)).toBe(null);
  const purls = componentsOf(text).flatMap(({ purl, licenses }) => (licenses ? purl : []));
  expect(purls).toEqual(expect.arrayContaining(['pkg:npm/fast@1.2.3', 'pkg:npm/loader@4.5.6']));
  const { packed } = JSON.parse(readFileSync(join(dir, 'coldpress.lock.json'), 'utf8'));
  expect(Object.values(packed)).toMatchObject([{ packages: { fast: '1.2.3', loader: '4.5.6' } }]);
});

test('a model states its format, author, licence and source', async () => {
  const path = join(scratch, 'stated.onnx');
  const shape = tensorType('FLOAT', ['N', 2]);
  const proto = model(
    graph({
      name: 'g',
      node: [node('Identity', ['x'], ['y'])],
      input: [value('x', shape)],
      output: [value('y', shape)],
    }),
  );
  proto.producerName = 'pytorch';
  const stated = { model_author: 'A. Turing', model_license: 'MIT OR Apache-2.0' };
  proto.metadataProps = Object.entries(stated).map(([key, text]) =>
    create(StringStringEntryProtoSchema, { key, value: text }),
  );
  writeFileSync(path, toBinary(ModelProtoSchema, proto));
  const provenance = await readProvenance(path);
  expect(provenance).toMatchObject({ format: 'onnx', author: 'A. Turing', license: 'MIT OR Apache-2.0' });
  const component = modelComponent(
    { model: { path: '', sha256: 'ab'.repeat(32), sizeBytes: 9, passes: [], session: {} } },
    { provenance, fileName: 'stated.onnx', url: 'https://example.org/stated.onnx' },
  );
  const text = writeBom(
    { subject: new Models.Component(Enums.ComponentType.Application, 'stated'), components: [component] },
    {},
  );
  expect(await faults(text)).toBe(null);
  expect(componentsOf(text)[0]).toMatchObject({
    type: 'machine-learning-model',
    author: 'A. Turing',
    licenses: [{ expression: 'MIT OR Apache-2.0' }],
    hashes: [{ alg: 'SHA-256', content: 'ab'.repeat(32) }],
    externalReferences: [{ type: 'distribution', url: 'https://example.org/stated.onnx' }],
  });
});

test('coldpress itself names what it carries', async () => {
  const { package: name, version } = shipped;
  const text = packageSbom([{ name, version, license: 'MIT' }], {});
  expect(await faults(text)).toBe(null);
  expect(componentsOf(text)[0]?.components).toHaveLength(Object.keys(shipped.files).length);
});
