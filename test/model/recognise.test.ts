import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readModel } from '../../lib/model/read.ts';

const folder = mkdtempSync(join(tmpdir(), 'coldpress-recognise-'));
const latin1 = (text: string) => Buffer.from(text, 'latin1');
/** The first entry of a zip: a local header and a name. */
const zip = (name: string) =>
  Buffer.concat([latin1(`PK\x03\x04${'\0'.repeat(22)}`), Buffer.from([name.length, 0, 0, 0]), latin1(name)]);
const safetensors = latin1('\x40\0\0\0\0\0\0\0{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}');

const files: [code: string, file: string, content: Buffer][] = [
  ['MODEL_IS_EMPTY', 'empty.onnx', latin1('')],
  [
    'MODEL_IS_LFS_POINTER',
    'lfs.onnx',
    latin1('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'),
  ],
  ['MODEL_IS_HTML', 'page.onnx', latin1('\n<!-- x --><!-- y -->\n<!DOCTYPE html><html></html>')],
  ['MODEL_IS_JSON', 'error.onnx', latin1('{"error":"not found"}')],
  ['MODEL_IS_BOOSTER', 'xgboost.json', latin1('{"learner":{"attributes":{}}}')],
  ['MODEL_IS_BOOSTER', 'lightgbm.txt', latin1('tree\nversion=v4\n')],
  ['MODEL_IS_PICKLE', 'model.pkl', latin1('\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x07sklearn')],
  ['MODEL_IS_PICKLE', 'model.joblib', latin1('\x78\x9c\x03\0')],
  ['MODEL_IS_TORCH', 'model.pt', zip('archive/data.pkl')],
  ['MODEL_IS_TORCH', 'legacy.pt', latin1('\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.')],
  ['MODEL_IS_SAFETENSORS', 'model.safetensors', safetensors],
  ['MODEL_IS_TENSORFLOW', 'saved_model.pb', latin1('\x08\x01\x12\x0a\n\x08\x12\x06stripp')],
  ['MODEL_IS_KERAS', 'model.h5', latin1('\x89HDF\r\n\x1a\n')],
  ['MODEL_IS_KERAS', 'model.keras', Buffer.concat([zip('metadata.json'), zip('model.weights.h5')])],
  ['MODEL_IS_TFLITE', 'model.tflite', latin1('\x1c\0\0\0TFL3')],
  ['MODEL_IS_COREML', 'model.mlmodel', latin1('\x08\x04\x12\x05\n\x03\n\x01x')],
  ['MODEL_IS_PMML', 'model.pmml', latin1('<?xml version="1.0"?>\n<PMML version="4.4">')],
  ['MODEL_IS_NUMPY', 'x.npy', latin1('\x93NUMPY\x01\0')],
  ['MODEL_IS_COMPRESSED', 'model.onnx.gz', latin1('\x1f\x8b\x08\0')],
  ['MODEL_IS_ZIP', 'model.zip', zip('../../etc/passwd')],
  ['MODEL_IS_TENSORFLOW', 'saved_model.pb', latin1('\x12\x03abc')],
  ['MODEL_IS_TEXT', 'base64.onnx', latin1('CAgSCWNvbGRwcmVzcw==\n')],
  ['MODEL_IS_TEXT', 'model.pbtxt', latin1('ir_version: 8\ngraph {\n}\n')],
  ['MODEL_IS_TEXT', 'report.pdf', latin1('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n')],
  ['MODEL_IS_TEXT', 'rows.csv', Buffer.from('name;städte\n1;2\n')],
  [
    'MODEL_IS_MANGLED',
    'mangled.onnx',
    Buffer.from(Buffer.from(Array.from({ length: 999 }, (_, i) => (i * 37) & 255)).toString()),
  ],
  ['NOT_A_MODEL', 'zeros.onnx', Buffer.alloc(1024)],
];

test.each(files)('%s: %s', async (code, name, content) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  const error = await readModel(path).catch(error => error);
  expect(error).toMatchObject({ name: 'ColdpressError', code });
  expect(error.hint).not.toBe('');
});

/** How the pickles of libraries begin: the class of the model, or what it is in. */
const pickles: [head: string, way: string][] = [
  [
    '\x80\x04\x95\xbf\x16\0\0\0\0\0\0\x8c\x10lightgbm.sklearn\x94\x8c\x0eLGBMClassifier',
    '; model.booster_.save_model',
  ],
  ['\x80\x03clightgbm.basic\nBooster\nq\0', '; model.save_model("model.txt")'],
  [
    '\x80\x04\x95\xbf\x16\0\0\0\0\0\0\x8c\x0cxgboost.core\x94\x8c\x07Booster',
    '; model.save_model("model.ubj")',
  ],
  ['\x80\x04\x95\xbf\x16\0\0\0\0\0\0\x8c\rcatboost.core\x94\x8c\x12CatBoostClassifier', 'format="onnx"'],
  [
    '\x80\x04\x95\xbf\x16\0\0\0\0\0\0\x8c\x10sklearn.pipeline\x94\x8c\x08Pipeline',
    'joblib.load("FILE"); import skl2onnx',
  ],
  ['ccopy_reg\n_reconstructor\np0\n(csklearn.linear_model._logistic\nLogisticRegression', 'skl2onnx'],
  ['\x80\x04\x95\x74\x1c\0\0\0\0\0\0}\x94(\x8c\x05model\x94\x8c\x10lightgbm.sklearn\x94', 'model["model"]'],
  [
    '\x80\x04\x95\x74\x1c\0\0\0\0\0\0}\x94(\x8c\x06scaler\x94\x8c\x1bsklearn.preprocessing._data\x94',
    'model["model"]',
  ],
  ['\x80\x02]q\0(cxgboost.core\nBooster\nq\x01', 'model[0] from a list'],
  ['(dp0\nVmodel\np1\nccopy_reg\n_reconstructor\np2\n(cxgboost.core\nBooster\n', 'model["model"]'],
  [
    '\x80\x04\x95\x74\x1c\0\0\0\0\0\0\x8c\x0cxgboost.core\x94\x8c\x07Booster\x94bK\x01\x86\x94.',
    'model[0] from a list or a tuple',
  ],
  [
    '\x80\x04\x95\xbf\x16\0\0\0\0\0\0\x8c\x10sklearn.pipeline\x94\x8c\x08Pipeline\x8c\x10lightgbm.sklearn\x94',
    'model.best_estimator_ from a search; model.booster_.save_model("model.txt"); what a pipeline does',
  ],
];

test.each(pickles)('the hint for a pickle is that of its library: %j', async (head, way) => {
  const path = join(folder, 'pickled.pkl');
  writeFileSync(path, latin1(head));
  const error = await readModel(path).catch(error => error);
  expect(error).toMatchObject({ code: 'MODEL_IS_PICKLE', hint: expect.stringContaining(way) });
});

test.each([
  ['model.z', deflateSync],
  ['fast.z', (bytes: Buffer) => deflateSync(bytes, { level: 3 })],
  ['model.gz', gzipSync],
])('so is that for a pickle which joblib compressed: %s', async (name, compress) => {
  const path = join(folder, name);
  // Cut, like the first part of a larger file.
  writeFileSync(path, compress(Buffer.concat([latin1(pickles[0]![0]), randomBytes(9000)])).subarray(0, 8000));
  const error = await readModel(path).catch(error => error);
  expect(error).toMatchObject({ code: 'MODEL_IS_PICKLE', hint: expect.stringContaining(pickles[0]![1]) });
});

test.each([
  ['MODEL_IS_PICKLE', 'model.joblib', '\xfd7zXZ\0'],
  ['MODEL_IS_PICKLE', 'model.pkl.lz4', '\x04\x22\x4d\x18'],
  ['MODEL_IS_PICKLE', 'model.pkl.gz', '\x1f\x8b\x08\0 damaged'],
  ['MODEL_IS_COMPRESSED', 'model.lz4', '\x04\x22\x4d\x18'],
  ['MODEL_IS_COMPRESSED', 'model.lzma', '\x5d\0\0\x80\0'],
])('a compressed file whose library is unknown is told of joblib: %s %s', async (code, name, head) => {
  const path = join(folder, name);
  writeFileSync(path, latin1(head));
  const error = await readModel(path).catch(error => error);
  expect(error).toMatchObject({ code, hint: expect.stringContaining('joblib.load') });
});

test.each([
  ['CBM1\0\0\0\0', 'load_model("FILE")'],
  ['{"oblivious_trees":[]}', 'load_model("FILE", format="json")'],
  ['{\n  "model_info": {}', 'load_model("FILE", format="json")'],
])('the hint for a CatBoost model is to save it as ONNX: %j', async (head, way) => {
  const path = join(folder, 'catboost.model');
  writeFileSync(path, latin1(head));
  const error = await readModel(path).catch(error => error);
  expect(error).toMatchObject({ code: 'MODEL_IS_BOOSTER', hint: expect.stringContaining(way) });
  expect(error.hint).toContain('format="onnx"');
});

test.each([
  ['booster[0]:\n0:[f0<-0.5] yes=1,no=2', 'model.ubj'],
  ['[\n  { "nodeid": 0, "depth": 0, "split": "f0"', 'model.ubj'],
  ['{"name": "tree", "version": "v4", "num_class": 1', 'model.txt'],
  ['binf\0\0\0\x3f', 'xgboost<3.1'],
  ['{L\0\0\0\0\0\0\0\x06Config{L', 'model.ubj'],
  ['{"Config":{"learner":{}},"Model":{}}', 'model.ubj'],
])('a dump or an older format of a booster is told how to save the model: %j', async (head, way) => {
  const path = join(folder, 'dump');
  writeFileSync(path, latin1(head));
  const error = await readModel(path).catch(error => error);
  expect(error).toMatchObject({ code: 'MODEL_IS_BOOSTER', hint: expect.stringContaining(way) });
});

test('what is no file', async () => {
  mkdirSync(join(folder, 'saved'));
  writeFileSync(join(folder, 'saved', 'saved_model.pb'), '');
  symlinkSync('nowhere', join(folder, 'dangling.onnx'));
  await expect(readModel(join(folder, 'saved'))).rejects.toMatchObject({ code: 'MODEL_IS_TENSORFLOW' });
  mkdirSync(join(folder, 'other'));
  await expect(readModel(join(folder, 'other'))).rejects.toMatchObject({ code: 'MODEL_IS_A_FOLDER' });
  await expect(readModel(join(folder, 'dangling.onnx'))).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
});

test('recognises an endless page of comments quickly', async () => {
  const path = join(folder, 'comments.onnx');
  writeFileSync(path, '<!---->'.repeat(1000));
  await expect(readModel(path)).rejects.toMatchObject({ code: 'MODEL_IS_TEXT' });
});
