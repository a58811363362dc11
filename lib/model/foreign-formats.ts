// biome-ignore-all lint/suspicious/noControlCharactersInRegex: magic bytes are control characters.

import type { Evidence } from './evidence.ts';
import { pickled } from './pickles.ts';

interface ForeignFile {
  /** Of the error. */
  code: string;
  /** Completes "is ...". */
  label: string;
  hint: string;
}

interface ForeignFormat extends ForeignFile {
  matches(evidence: Evidence): boolean;
}

const TORCH = 'export it in Python: torch.onnx.export(model, (example,), "model.onnx", dynamo=True)';
const TENSORFLOW = 'convert it in Python: python -m tf2onnx.convert';
const KERAS =
  'export it in Python: model.export("model.onnx", format="onnx") with Keras 3, or python -m tf2onnx.convert';
const UNPACK = 'decompress it and pass the model file in it, if there is one';
const catBoost = (load: string) =>
  `export it in Python, if no feature is categorical: import catboost; model = catboost.CatBoost(); ${load}; model.save_model("model.onnx", format="onnx")`;

const starts = (...magics: (string | number[])[]) => {
  const buffers = magics.map(magic => Buffer.from(magic as string, 'latin1'));
  return ({ head }: Evidence) => buffers.some(magic => head.subarray(0, magic.length).equals(magic));
};
const at = (offset: number, magic: string) => (evidence: Evidence) =>
  evidence.head.toString('latin1', offset, offset + magic.length) === magic;
const text = (pattern: RegExp) => (evidence: Evidence) => pattern.test(evidence.head.toString('latin1'));
/** Names are uncompressed in a zip's local headers and, at its end, in its directory. */
const zipWith = (pattern: RegExp) => (evidence: Evidence) =>
  starts('PK\x03\x04')(evidence) &&
  pattern.test(evidence.head.toString('latin1') + evidence.tail.toString('latin1'));

/**
 * Other formats that people try to pack, recognised by their magic bytes. The first match counts. Nothing is
 * deserialized or extracted.
 */
const formats: readonly (ForeignFormat | ((evidence: Evidence) => ForeignFile | undefined))[] = [
  {
    code: 'MODEL_IS_EMPTY',
    label: 'an empty file',
    hint: 'export or download the model again',
    matches: ({ head }) => head.length === 0,
  },
  {
    code: 'MODEL_IS_LFS_POINTER',
    label: 'a Git LFS pointer, not the model itself',
    hint: 'run `git lfs install && git lfs pull` in its repository',
    matches: starts('version https://git-lfs.github.com/'),
  },
  {
    code: 'MODEL_IS_TORCH',
    label: 'a PyTorch checkpoint',
    hint: TORCH,
    matches: evidence =>
      zipWith(/\/data\.pkl|\/constants\.pkl|\.data\/serialization_id/)(evidence) ||
      // The legacy format starts with its magic number, pickled.
      text(/^\x80[\x02-\x05]\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19/)(evidence),
  },
  {
    code: 'MODEL_IS_KERAS',
    label: 'a Keras model',
    hint: KERAS,
    matches: evidence => zipWith(/model\.weights\.h5/)(evidence) || starts('\x89HDF\r\n\x1a\n')(evidence),
  },
  {
    code: 'MODEL_IS_NUMPY',
    label: 'a NumPy array file',
    hint: 'pass the .onnx file; arrays can be samples',
    matches: evidence =>
      starts('\x93NUMPY')(evidence) || zipWith(/\.npyPK|^PK\x03\x04.{26}[^\0]*\.npy/s)(evidence),
  },
  {
    code: 'MODEL_IS_COREML',
    label: 'a Core ML model',
    hint: 'export the original model (PyTorch, scikit-learn, Keras) to ONNX instead',
    matches: evidence =>
      // Model { specificationVersion, ModelDescription }: an ONNX producer name never starts with a field tag.
      (/\.mlmodel$/i.test(evidence.name) && text(/^\x08[\x01-\x20]\x12/)(evidence)) ||
      text(/^\x08[\x02-\x20]\x12([\x80-\xff]{0,3}[\0-\x7f])\n/)(evidence),
  },
  {
    code: 'MODEL_IS_TENSORFLOW',
    label: 'a TensorFlow SavedModel',
    hint: `${TENSORFLOW} --saved-model FOLDER --output model.onnx`,
    matches: evidence =>
      evidence.name === 'saved_model.pb' || text(/^\x08\x01\x12([\x80-\xff]{0,4}[\0-\x7f])\n/)(evidence),
  },
  {
    code: 'MODEL_IS_TENSORFLOW',
    label: 'a frozen TensorFlow graph',
    hint: `${TENSORFLOW} --graphdef graph.pb --inputs X:0 --outputs Y:0 --output model.onnx`,
    matches: text(/^\n[\x80-\xff]{0,3}[\0-\x7f]\n.[\w/.-]+\x12.(Placeholder|Const|VarHandleOp|NoOp)/s),
  },
  {
    code: 'MODEL_IS_TFLITE',
    label: 'a TensorFlow Lite model',
    hint: `${TENSORFLOW} --tflite model.tflite --output model.onnx`,
    matches: at(4, 'TFL3'),
  },
  {
    code: 'MODEL_IS_SAFETENSORS',
    label: 'a safetensors file: weights without a graph',
    hint: 'export the whole model: optimum-cli export onnx --model MODEL DIR, or torch.onnx.export',
    matches: text(/^.{6}\0\0\{\s*"/s),
  },
  {
    code: 'MODEL_IS_GGUF',
    label: 'a GGUF model for llama.cpp',
    hint: 'export the original model: optimum-cli export onnx --model MODEL DIR',
    matches: starts('GGUF'),
  },
  evidence => {
    const found = pickled(evidence);
    return (
      found && {
        code: 'MODEL_IS_PICKLE',
        label: found.label,
        hint: `in Python: ${found.way}; only unpickle files you trust`,
      }
    );
  },
  {
    code: 'MODEL_IS_PMML',
    label: 'a PMML document',
    hint: 'export the original model to ONNX instead; no reliable converter from PMML exists',
    matches: text(/^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--((?!-->)[\s\S])*-->\s*)*<PMML/),
  },
  {
    code: 'MODEL_IS_HTML',
    label: 'a web page, not a model',
    hint: 'the download was an error or login page; use the direct ("raw" or "resolve") link',
    matches: text(/^(\xef\xbb\xbf)?\s*(<!--((?!-->)[\s\S])*-->\s*)*<(!doctype html|html|head|body)/i),
  },
  {
    code: 'MODEL_IS_XML',
    label: 'an XML document',
    hint: 'pass the .onnx file; OpenVINO models are converted from other formats, so look for the original',
    matches: text(/^(\xef\xbb\xbf)?\s*<\?xml/),
  },
  {
    code: 'MODEL_IS_BOOSTER',
    label: "a model of XGBoost's older binary format",
    hint: 'save it again with XGBoost 3.0 or older, because later versions cannot read it: pip install "xgboost<3.1", then in Python: import xgboost; xgboost.Booster(model_file="FILE").save_model("model.ubj")',
    matches: starts('binf'),
  },
  {
    code: 'MODEL_IS_BOOSTER',
    label: 'a dump of an XGBoost model, which lacks its objective and base score',
    hint: 'save the model itself in Python: model.save_model("model.ubj")',
    matches: text(/^(booster\[0\]:?\r?\n|\s*\[\s*\{\s*"(nodeid|leaf|bias)"\s*:)/),
  },
  {
    code: 'MODEL_IS_BOOSTER',
    label: 'a dump of a LightGBM model as JSON',
    hint: 'save the model itself in Python: model.save_model("model.txt"), or model.booster_.save_model("model.txt") of a scikit-learn wrapper',
    matches: text(/^\s*\{\s*"name"\s*:\s*"tree"\s*,\s*"version"/),
  },
  {
    code: 'MODEL_IS_BOOSTER',
    label: 'a CatBoost model',
    hint: catBoost('model.load_model("FILE")'),
    matches: starts('CBM1'),
  },
  {
    code: 'MODEL_IS_BOOSTER',
    label: 'a CatBoost model as JSON',
    hint: catBoost('model.load_model("FILE", format="json")'),
    matches: text(
      /^\s*\{\s*"(boosters_info|oblivious_trees|features_info|model_info|scale_and_bias|ctr_data)"/,
    ),
  },
  {
    code: 'MODEL_IS_BOOSTER',
    label: "the state of an XGBoost model, which only the library's same version reads",
    hint: 'save the model itself in Python: model.save_model("model.ubj")',
    matches: text(/^(\s*\{\s*"Config"|\{(#.{1,9})?L\0{7}\x06Config|CONFIG-offset:)/s),
  },
  {
    code: 'MODEL_IS_JSON',
    label: 'a JSON document',
    hint: 'pass the binary .onnx file; if this is an error page, fix the download',
    matches: text(/^(\xef\xbb\xbf)?\s*(\{\s*["}]|\[\s*["{[\]\d-])/),
  },
  {
    code: 'MODEL_IS_COMPRESSED',
    label: 'compressed (gzip, bzip2, xz, lzma, lz4, zstd, 7z or tar)',
    hint: `${UNPACK}; if joblib compressed it, load it in Python with joblib.load and save the model as for a pickle: docs/faq.md`,
    matches: evidence =>
      starts(
        '\x1f\x8b',
        'BZh',
        '\xfd7zXZ\0',
        '\x5d\0\0',
        '\x04\x22\x4d\x18',
        '\x28\xb5\x2f\xfd',
        '7z\xbc\xaf\x27\x1c',
      )(evidence) || at(257, 'ustar')(evidence),
  },
  {
    code: 'MODEL_IS_ZIP',
    label: 'a zip archive',
    hint: UNPACK,
    matches: starts('PK\x03\x04', 'PK\x05\x06'),
  },
  {
    code: 'MODEL_IS_EXECUTABLE',
    label: 'a program or library',
    hint: 'pass the .onnx file',
    matches: starts('\x7fELF', 'MZ', '\xcf\xfa\xed\xfe', '#!'),
  },
  {
    code: 'MODEL_IS_TEXT',
    label: 'a PDF document',
    hint: 'pass the model file',
    matches: starts('%PDF-'),
  },
  {
    code: 'MODEL_IS_TEXT',
    label: 'a table of data',
    hint: 'pass the model file, and the table with --samples',
    matches: evidence => /\.(csv|tsv)$/i.test(evidence.name) && !evidence.head.includes(0),
  },
  {
    code: 'MODEL_IS_TEXT',
    label: 'a text in base64',
    hint: 'decode it: base64 -d FILE > model.onnx',
    matches: text(/^[A-Za-z0-9+/\s]+={0,2}\s*$/),
  },
  {
    code: 'MODEL_IS_TEXT',
    label: 'a protobuf in text form',
    hint: 'save it in Python in binary form: onnx.save(onnx.load(FILE, format="textproto"), "model.onnx")',
    matches: text(/^\s*(ir_version\s*:|graph\s*\{|opset_import\s*\{|producer_name\s*:)/),
  },
  {
    code: 'MODEL_IS_TEXT',
    label: 'a text file',
    hint: 'pass the model file: .onnx, or what LightGBM or XGBoost saved',
    matches: ({ head }) => head.every(byte => (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13)),
  },
];

/** Recognises a file in another format than those that coldpress reads; `undefined` if it is none of them. */
export function foreignFile(evidence: Evidence): ForeignFile | undefined {
  for (const format of formats) {
    const found = typeof format === 'function' ? format(evidence) : format.matches(evidence) && format;
    if (found) {
      return found;
    }
  }
  return undefined;
}
