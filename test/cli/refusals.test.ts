import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { tinyManifest } from '../local/tiny-artifact.ts';
import { doubling } from '../model/doubling.ts';
import { bin, folder, run } from './coldpress.ts';

const cwd = folder('refusals');
const configs: Record<string, string> = {
  key: "export default { model: 'model.onnx', sampels: 'x.csv' };",
  nested: "export default { model: 'model.onnx', samples: { path: 'x.csv', tolerence: {} } };",
  value: "export default { model: 'model.onnx', arch: 'x86' };",
  syntax: 'export default {\n  name: = 1,\n};',
  throws: "throw new Error('one line\\nand another');",
  import: "import 'left-pad'; export default {};",
  exits: 'process.exit(0);',
  rejects: "export default Promise.reject(new Error('no model today'));",
  prints: "console.log('mine'); export default { modle: 1 };",
  waits: 'await new Promise(() => {}); export default {};',
};

beforeAll(() => {
  writeFileSync(join(cwd, 'model.onnx'), doubling());
  writeFileSync(join(cwd, 'short.onnx'), doubling().subarray(0, 60));
  writeFileSync(join(cwd, 'notes.txt'), 'two\nlines');
  writeFileSync(join(cwd, 'rows.csv'), 'x\n1\n2\n');
  writeFileSync(join(cwd, 'semicolons.csv'), 'x;y\n1;2\n');
  writeFileSync(join(cwd, 'index.csv'), ',x\n0,1\n');
  writeFileSync(join(cwd, 'misspelled.csv'), 'x,yy\n1,2\n');
  writeFileSync(join(cwd, 'workbook.csv'), 'PK\u0003\u0004\u0014\0');
  writeFileSync(join(cwd, 'utf16.csv'), Buffer.from('\uFEFFx,y\n1,2\n', 'utf16le'));
  writeFileSync(join(cwd, 'half.txt'), 'tree\nversion=v4\nnum_class=1\n');
  writeFileSync(join(cwd, 'utf16.config.ts'), Buffer.from('\uFEFFexport default {};', 'utf16le'));
  writeFileSync(join(cwd, 'latin1.csv'), Buffer.from('x,ä\n1,2\n', 'latin1'));
  writeFileSync(join(cwd, 'latin1.jsonl'), Buffer.from('{"x":1,"ä":2}\n', 'latin1'));
  writeFileSync(join(cwd, 'commas.csv'), 'x;y\n1,5;2,5\n');
  writeFileSync(join(cwd, 'comment.csv'), '# mine\nx,y\n1,2\n');
  writeFileSync(join(cwd, 'headless.csv'), '1,2,3\n4,5,6\n');
  writeFileSync(join(cwd, 'ends.csv'), 'x,y,\n1,2,\n');
  writeFileSync(join(cwd, 'site.html'), '<!doctype html><title>my site</title>');
  writeFileSync(join(cwd, 'syft.json'), JSON.stringify({ bomFormat: 'CycloneDX', metadata: { tools: {} } }));
  mkdirSync(join(cwd, 'site'));
  writeFileSync(join(cwd, 'site/report.md'), '# mine');
  mkdirSync(join(cwd, 'scored'));
  writeFileSync(join(cwd, 'scored/rows.csv.csv'), 'mine');
  for (const dir of ['kept', 'full']) {
    mkdirSync(join(cwd, dir, 'function'), { recursive: true });
    writeFileSync(join(cwd, dir, 'function/coldpress.json'), '{}');
  }
  writeFileSync(join(cwd, 'kept/notes.txt'), '');
  writeFileSync(join(cwd, 'full/function/model.onnx'), doubling());
  mkdirSync(join(cwd, 'module'));
  writeFileSync(join(cwd, 'module/model.bin'), doubling());
  mkdirSync(join(cwd, 'mine'));
  writeFileSync(join(cwd, 'mine/thesis.txt'), '');
  mkdirSync(join(cwd, 'packed/function'), { recursive: true });
  writeFileSync(join(cwd, 'packed/function/coldpress.json'), JSON.stringify(tinyManifest));
  mkdirSync(join(cwd, 'incomplete/function'), { recursive: true });
  const lost = [{ path: 'model/model.onnx', sha256: '', sizeBytes: 1 }];
  writeFileSync(
    join(cwd, 'incomplete/function/coldpress.json'),
    JSON.stringify({ ...tinyManifest, files: lost }),
  );
  mkdirSync(join(cwd, 'damaged/function'), { recursive: true });
  writeFileSync(join(cwd, 'damaged/function/coldpress.json'), '{ "schemaVersion": 2, "name": "churn" }');
  for (const [name, text] of Object.entries(configs)) {
    writeFileSync(join(cwd, `${name}.config.ts`), text);
  }
});

/** Refused by name: what was asked for, and, after the arrow, the nearest valid one or what to do. */
const cases: [what: string, args: string, says: RegExp][] = [
  ['an unknown command', 'inspct model.onnx', /USAGE: .*inspct.*inspect/s],
  ['an unknown flag', 'pack model.onnx --ach x64', /USAGE: .*--ach.*--arch/s],
  ['an unknown flag of another command', 'invoke build --prot 1 --evnt x', /USAGE: .*(--prot|--evnt)/],
  ['a choice that is none', 'pack model.onnx --arch mips', /OPTION_INVALID: .*mips.*arm64, x64/s],
  ['a shell that is none', 'completion tcsh', /OPTION_INVALID: unknown shell "tcsh"\n.*zsh, bash/],
  ['another name of a CPU', 'pack model.onnx --arch amd64', /OPTION_INVALID: .*did you mean x64/is],
  ['a flag of another command', 'pack model.onnx --port 1', /USAGE: .*--port.*dev.*serve/s],
  ['a flag before its command', '--port 1 serve packed', /USAGE: .*coldpress serve --port/s],
  ['an argument without text', 'compile model.onnx --out=', /USAGE: .*--out is empty/],
  ['a long dash', 'pack model.onnx —out x', /USAGE: .*—out.*two hyphens: --out/s],
  ['an option in place of a value', 'pack model.onnx --out --lock', /USAGE: .*--out has no value/],
  ['a ~ that the shell kept', 'pack model.onnx --out=~/build', /USAGE: .*--out is ~\/build.*HOME\/build/s],
  ['a model of another case', 'inspect Model.onnx', /MODEL_NOT_FOUND: .*did you mean model\.onnx/s],
  ['a model without its ending', 'inspect model', /MODEL_NOT_FOUND: .*did you mean model\.onnx/s],
  ['a model by a file: URL', 'inspect file:///model.onnx', /MODEL_NOT_FOUND: .*not a file: URL/s],
  ['samples that are a folder', 'profile mine --model model.onnx', /SAMPLES_FORMAT: .*mine is a folder/],
  ['samples of Windows', 'pack model.onnx --samples latin1.csv', /SAMPLES_INVALID: .*WINDOWS-1252/s],
  ['lines of Windows', 'pack model.onnx --samples latin1.jsonl', /SAMPLES_INVALID: .*not UTF-8/],
  ['decimal commas', 'pack model.onnx --samples commas.csv', /SAMPLES_INVALID: .*row 1.*not by ";"/],
  ['a comment first', 'pack model.onnx --samples comment.csv', /SAMPLES_INVALID: .*first line is "# mine"/],
  ['samples without a header', 'pack model.onnx --samples headless.csv', /SAMPLES_COLUMNS: .*header/s],
  [
    'commas at ends of lines',
    'pack model.onnx --samples ends.csv',
    /SAMPLES_COLUMNS: .*header ends with a comma/s,
  ],
  ['a record in UTF-16', 'invoke packed --record utf16.csv', /EVENT_INVALID: utf16\.csv is .*UTF-16/],
  ['a config in UTF-16', 'pack --config utf16.config.ts', /CONFIG_SYNTAX: .*UTF-16/],
  ['a config that is a folder', 'pack --config mine', /CONFIG_SYNTAX: .*mine is a folder/],
  ['a config that is no module', 'pack --config rows.csv', /CONFIG_SYNTAX: .*rows\.csv is not a module/],
  ['a part of an artifact', 'invoke packed/function', /ARTIFACT_NOT_FOUND: .*name the folder.* packed/s],
  ['samples with semicolons', 'pack model.onnx --samples semicolons.csv', /SAMPLES_COLUMNS: .*not by ";"/s],
  ['samples with an index', 'pack model.onnx --samples index.csv', /SAMPLES_COLUMNS: .*index=False/s],
  ['a misspelled output', 'pack model.onnx --samples misspelled.csv', /SAMPLES_COLUMNS: .*did you mean/s],
  ['a workbook named CSV', 'pack model.onnx --samples workbook.csv', /SAMPLES_INVALID: .*Excel.*UTF-8/s],
  ['samples in UTF-16', 'pack model.onnx --samples utf16.csv', /SAMPLES_INVALID: .*UTF-16/s],
  [
    'a model that was not fetched',
    'inspect https://a.test/m.onnx',
    /NOT_FETCHED: .*fetch https:\/\/a\.test\/m/s,
  ],
  ['advice on a model that was not fetched', 'advise https://a.test/m.onnx', /MODEL_NOT_FETCHED: /],
  ['half a booster', 'inspect half.txt', /BOOSTER_INVALID: half\.txt: /],
  ['a target that is none', 'pack model.onnx --target lamda', /lamda.*aws-lambda/s],
  ['a runtime that is none', 'pack model.onnx --runtime nodejs18.x', /nodejs18\.x.*nodejs24\.x/s],
  ['a missing argument', 'profile', /USAGE: .*data/],
  ['no model to inspect', 'inspect', /MODEL_UNNAMED: /],
  ['one argument too many', 'pack a.onnx b.onnx', /USAGE: .*too many arguments/],
  ['a flag without its value', 'pack model.onnx --out', /USAGE: .*--out/],
  ['no model at all', 'pack', /MODEL_UNNAMED: /],
  ['a misspelled model', 'inspect modl.onnx', /MODEL_NOT_FOUND: .*did you mean model\.onnx\?/s],
  ['a model that is not there', 'inspect other.onnx', /MODEL_NOT_FOUND: .*other\.onnx/],
  ['a truncated model', 'pack short.onnx', /MODEL_TRUNCATED: .*short\.onnx/],
  ['a model that is a text', 'inspect notes.txt', /MODEL_IS_TEXT: .*notes\.txt/],
  ['a folder with other files', 'pack model.onnx --out mine', /OUTPUT_NOT_EMPTY: .*mine/],
  ['an artifact with files of others', 'pack model.onnx --out kept', /OUTPUT_NOT_EMPTY: .*notes\.txt/],
  [
    'an artifact in place of its model',
    'pack full/function/model.onnx --out full',
    /OPTION_CONFLICT: .*full\/function\/model\.onnx/,
  ],
  ['an artifact inside another', 'pack model.onnx --out full/x64', /OPTION_CONFLICT: .*x64 is inside .*full/],
  [
    'a module in place of its model',
    'compile model.onnx --out model.onnx',
    /FOLDER_EXPECTED: .*\/model\.onnx \(ENOTDIR\)/,
  ],
  ['results of a batch to stdout', 'batch packed rows.csv -', /OPTION_INVALID: - is not a folder/],
  ['a batch of no file', 'batch packed none.csv scored', /BATCH_NO_INPUT: .*none\.csv\n +check the path/],
  ['a record from an empty stdin', 'invoke packed --record -', /EVENT_INVALID: stdin is empty/],
  ['a record of CSV', 'invoke packed --record rows.csv', /EVENT_INVALID: .*coldpress batch/s],
  ['an output below a file', 'pack model.onnx --out notes.txt/build', /OUTPUT_UNWRITABLE: .*notes\.txt/],
  ['a config that is not there', 'pack --config other.config.ts', /CONFIG_MISSING: .*other\.config\.ts/],
  ['a misspelled target', 'pack model.onnx --target aws-lamda', /aws-lamda.*did you mean aws-lambda/is],
  ['the help of no command', 'help pakc', /USAGE: .*pakc.*did you mean pack/is],
  ['an unknown config key', 'pack --config key.config.ts', /"sampels".*"samples"/s],
  ['an unknown key inside another', 'pack --config nested.config.ts', /tolerence.*tolerance/s],
  ['a config value that is none', 'pack --config value.config.ts', /"arch" is "x86".*arm64/s],
  [
    'a config with a syntax error',
    'pack --config syntax.config.ts',
    /CONFIG_SYNTAX: .*syntax\.config\.ts:2 /,
  ],
  ['a config that throws', 'pack --config throws.config.ts', /throws\.config\.ts:1 .*one line/],
  [
    'a config with a missing import',
    'pack --config import.config.ts',
    /left-pad.*npm install --save-dev left-pad/s,
  ],
  ['a config that ends the process', 'pack --config exits.config.ts', /CONFIG_SYNTAX: .*exits\.config\.ts/],
  ['a config that rejects', 'pack --config rejects.config.ts', /CONFIG_SYNTAX: .*rejects.*no model today/],
  ['a config that never settles', 'pack --config waits.config.ts', /CONFIG_SYNTAX: .*waits\.config\.ts/],
  ['an SBOM in place of the model', 'pack model.onnx --sbom model.onnx', /OPTION_CONFLICT: --sbom/],
  ['an SBOM in place of a file', 'pack model.onnx --sbom notes.txt', /OUTPUT_EXISTS: .*notes\.txt/],
  ['an SBOM in place of that of another tool', 'pack model.onnx --sbom syft.json', /OUTPUT_EXISTS: .*syft/],
  ['a page of advice in place of another', 'advise --model-size 1 --html site.html', /OUTPUT_EXISTS: .*site/],
  ['a report in place of other files', 'bench packed --report site', /OUTPUT_EXISTS: .*report\.md/],
  [
    'results in place of other files',
    'batch packed rows.csv scored',
    /OUTPUT_EXISTS: .*rows\.csv\.csv exists.*another folder/s,
  ],
  ['an SBOM in place of a folder', 'pack model.onnx --sbom mine', /OUTPUT_UNWRITABLE: --sbom .*mine/],
  ['an SBOM below a file', 'pack model.onnx --sbom notes.txt/sbom', /FOLDER_EXPECTED: .*notes\.txt/],
  ['types in place of the model', 'types model.onnx --out model.onnx', /OPTION_CONFLICT: --out/],
  ['types in place of a file', 'types model.onnx --out notes.txt', /OUTPUT_EXISTS: .*notes\.txt/],
  [
    'a profile in place of its data',
    'profile rows.csv --model model.onnx --out rows.csv',
    /OPTION_CONFLICT: --out/,
  ],
  [
    'a profile in place of a folder',
    'profile rows.csv --model model.onnx --out mine',
    /OUTPUT_UNWRITABLE: --out/,
  ],
  [
    'a page of advice in place of a file',
    'advise --model-size 1 --html notes.txt',
    /OUTPUT_EXISTS: .*notes\.txt/,
  ],
  ['a page of drift in place of its log', 'drift rows.csv --html rows.csv', /OPTION_CONFLICT: --html/],
  ['a module in place of the model', 'compile module/model.bin --out module', /OPTION_CONFLICT: --out/],
  ['a module in place of another file', 'compile model.onnx --out module', /OUTPUT_EXISTS: .*model\.bin/],
  ['a module below a file', 'compile model.onnx --out notes.txt', /FOLDER_EXPECTED: .*notes\.txt/],
  ['samples that are a folder', 'pack model.onnx --samples mine', /FILE_EXPECTED: .*mine/],
  ['a model in place of an artifact', 'invoke model.onnx', /ARTIFACT_NOT_FOUND: .*pack model\.onnx\n/s],
  ['a folder without an artifact', 'invoke mine', /ARTIFACT_NOT_FOUND: .*mine/],
  [
    'an option that Node must not take for itself',
    'deploy mine --env-vars-file nope.env',
    /ARTIFACT_NOT_FOUND: .*mine/,
  ],
  ['an event and an input', 'invoke mine --event notes.txt --input notes.txt', /--event and --input/],
  ['a number that is none', 'deploy mine --cpu abc', /OPTION_INVALID: --cpu is abc/],
  ['an event that is not there', 'invoke mine --event other.json', /FILE_UNREADABLE: .*other\.json/],
  ['an event that is no JSON', 'invoke mine --event notes.txt', /EVENT_INVALID: /],
  ['a port that is no number', 'serve mine --port http', /--port is http/],
  ['a variable without a value', 'invoke mine --env NAME', /--env is NAME/],
  ...[
    ...[
      'invoke damaged',
      'verify damaged',
      'serve damaged',
      'image damaged',
      'bench damaged',
      'advise damaged',
    ],
    ...[
      'sign damaged --key notes.txt',
      'executable damaged',
      'batch damaged rows.csv out',
      'drift x --profile damaged',
    ],
    ...['deploy damaged --emit sam', 'deploy damaged --target gcf --project p --region r'],
  ].map((command): [string, string, RegExp] => [
    'a manifest that was changed',
    command,
    /ARTIFACT_INVALID: .*coldpress\.json.* no valid target/,
  ]),
  ...['serve', 'invoke'].map((command): [string, string, RegExp] => [
    'an artifact without its model',
    `${command} incomplete`,
    /ARTIFACT_INVALID: incomplete cannot run: .*model\.onnx is missing.*--out incomplete/s,
  ]),
  [
    'an artifact of another platform',
    'deploy packed --target gcf --project p --region r',
    /ARTIFACT_TARGET: .*--out packed-gcf/s,
  ],
  [
    'an artifact without a profile',
    'drift x --profile packed',
    /PROFILE_MISSING: packed was packed without.*pack it again/s,
  ],
  ['labels that are not there', 'drift x --labels nope.csv', /^(?!.*PROFILE_MISSING).*nope\.csv/s],
  [
    'a chance above one half',
    'drift x --alpha 2',
    /OPTION_INVALID: --alpha is 2\n.*up to 0\.5: 0\.5, 0\.05\.\n/,
  ],
  [
    'a memory below zero',
    'invoke packed --memory -1',
    /OPTION_INVALID: --memory is -1\n.*0 or more, written in digits/,
  ],
  [
    'a memory in other notation',
    'invoke packed --memory 1e9',
    /OPTION_INVALID: --memory is 1e9\n.*written in digits/,
  ],
  ['a folder in place of a key', 'sign packed --key .', /KEY_INVALID: \. is a folder, not a file/],
  [
    'an image without its tag',
    'verify localhost:1/x',
    /ARTIFACT_NOT_FOUND: .*tag or digest.* localhost:1\/x:TAG/s,
  ],
  [
    'an app that is not there',
    'pack --all',
    /CDK_APP_MISSING: (?!.*open).*cdk\.json cannot be read: it does not exist/,
  ],
  [
    'a CPU that the platform lacks',
    'pack model.onnx --target gcf --arch arm64',
    /unknown arch "arm64" for Cloud Run functions/,
  ],
  ['too little memory', 'invoke packed --memory 64', /memory is 64.*128/s],
];

test.runIf(process.platform === 'linux')(
  'reports a cache that cannot be made, without endless retries',
  async () => {
    const { code, stderr } = await run(['pack', 'model.onnx', '--out', 'out'], {
      cwd,
      env: { COLDPRESS_CACHE_DIR: '/proc/coldpress' },
    });
    expect(stderr).toMatch(/^CACHE_UNWRITABLE: .*\/proc\/coldpress/);
    expect(code).toBe(2);
  },
);

test.skipIf(process.platform === 'win32').each([24, 26, 27, 28, 30])(
  'with %d open files at most, it succeeds or says that they are too few',
  async files => {
    const limited = ['-c', `ulimit -n ${files}; exec "$0" "$@"`, process.execPath, bin];
    const out = join(folder(`files-${files}`), 'out');
    const { code, stderr } = await run([...limited, 'pack', 'model.onnx', '--out', out], {
      cwd,
      command: 'sh',
      env: { COLDPRESS_CACHE_DIR: folder(`files-${files}-cache`) },
    });
    expect(code === 0 ? '' : stderr).toMatch(/^$|^TOO_MANY_FILES: /);
    expect(existsSync(out)).toBe(code === 0);
  },
  30_000,
);

test('what a config prints goes to stderr: stdout has one JSON object', async () => {
  const { stdout, stderr } = await run(['pack', '--config', 'prints.config.ts', '--json'], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'CONFIG_INVALID' } });
  expect(stderr).toBe('mine\n');
});

describe('refused in one line and a hint, with 2, and nothing is written', () => {
  test.each(cases)('%s: %s', async (_, args, says) => {
    const before = readdirSync(cwd).sort();
    const { code, stdout, stderr } = await run(args.split(' '), { cwd });
    expect(stderr).toMatch(says);
    // A line that begins with a code, a hint, and where the code is explained; neither a stack nor a usage text.
    expect(stderr).toMatch(/^[A-Z][A-Z0-9_]+: [^\n]+\n( +\S[^\n]*\n){1,2}$/);
    expect([code, stdout]).toEqual([2, '']);
    expect(readdirSync(cwd).sort()).toEqual(before);
  });
});
