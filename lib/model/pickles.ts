// biome-ignore-all lint/suspicious/noControlCharactersInRegex: opcodes of pickles are control characters.

import { constants, gunzipSync, inflateSync } from 'node:zlib';
import type { Evidence } from './evidence.ts';

/** What a pickle contains, and the Python that saves it in a format that coldpress reads. */
interface Pickled {
  /** Completes "is ...". */
  label: string;
  /** Completes "in Python: ". */
  way: string;
}

interface Library {
  name: string;
  /** Matches the module of the model's class. */
  module: RegExp;
  /** The Python that saves `model`. */
  save: string;
}

const scikitLearn: Library = {
  name: 'scikit-learn',
  module: /sklearn\.\w/,
  save: 'import skl2onnx; open("model.onnx", "wb").write(skl2onnx.to_onnx(model, X[:1].astype("float32")).SerializeToString())',
};
const boosters: Library[] = [
  { name: 'LightGBM', module: /lightgbm\.(?!sklearn)\w/, save: 'model.save_model("model.txt")' },
  { name: 'LightGBM', module: /lightgbm\.sklearn/, save: 'model.booster_.save_model("model.txt")' },
  { name: 'XGBoost', module: /xgboost\.\w/, save: 'model.save_model("model.ubj")' },
  { name: 'CatBoost', module: /catboost\.\w/, save: 'model.save_model("model.onnx", format="onnx")' },
];

/** The first opcodes of protocols 0 and 2 to 5; of joblib's own format before its version 0.10. */
const start = /^(\x80[\x02-\x05]|c[a-z_][\w.]*\n\w+\n|\(?[dil]p[01]\n|ZF0x)/;
/** A dictionary or a list begins with its opcode; a tuple ends with it. */
const collectionStart = /^(\x80[\x02-\x05](\x95.{8})?[}\](]|\(?[dl]p[01]\n)/s;
const tupleEnd = /[\x85-\x87](\x94|q.|r.{4})?\.$/s;
const fileName = /\.(pkl|pickle|joblib)(\.(gz|z|bz2|xz|lzma|lz4|zst))?$/i;
const zlib = /^\x78[\x01\x5e\x9c\xda]/;
const gzip = /^\x1f\x8b/;
/** Even if these bytes are extremely compressed, they take little memory. */
const mostCompressed = 8192;

/**
 * Recognises a pickle, and the library of the model in it, by its first and last bytes. It is never unpickled, because
 * that runs code. joblib compresses with several methods; the library is only known if Node can decompress them.
 */
export function pickled({ head, tail, name }: Evidence): Pickled | undefined {
  const raw = head.toString('latin1');
  const text = unpacked(head, raw);
  // Core ML and TensorFlow models have 8 as their first byte.
  const isNamed = fileName.test(name) && head[0] !== 8;
  if (!start.test(text) && !zlib.test(raw) && !isNamed) {
    return undefined;
  }
  const found = start.test(text) ? byPlace([scikitLearn, ...boosters], text) : [];
  const [first] = found;
  if (first === undefined) {
    return ofAnyLibrary();
  }
  const booster = found.find(library => library !== scikitLearn);
  const isCollection = collectionStart.test(text) || (text === raw && tupleEnd.test(tail.toString('latin1')));
  return isCollection || (first === scikitLearn && booster !== undefined)
    ? within(booster ?? scikitLearn)
    : { label: `a pickled ${first.name} model`, way: `${load} ${first.save}` };
}

const load = 'import joblib; model = joblib.load("FILE");';

function within(library: Library): Pickled {
  const { name, save } = library;
  const rest = library === scikitLearn ? '' : '; what a pipeline does before its model belongs in score.ts';
  return {
    label: `a pickled collection or pipeline with a model of ${name}`,
    way: `${load} take the model out of it: model = model["model"] from a dictionary, model[0] from a list or a tuple, model[-1] from a pipeline, model.best_estimator_ from a search; ${save}${rest}`,
  };
}

function ofAnyLibrary(): Pickled {
  const byName = new Map([...boosters, scikitLearn].map(({ name, save }) => [name, save]));
  const ways = Array.from(byName, ([name, save]) => `for ${name} ${save}`);
  return { label: 'a pickle or joblib file', way: `${load} then ${ways.join(', ')}` };
}

/** Returns the libraries that a text names, by the place of their first names. */
function byPlace(libraries: Library[], text: string): Library[] {
  return libraries
    .map(library => ({ library, place: text.search(library.module) }))
    .filter(({ place }) => place !== -1)
    .sort((one, other) => one.place - other.place)
    .map(({ library }) => library);
}

function unpacked(head: Buffer, raw: string): string {
  const unpack = zlib.test(raw) ? inflateSync : gzip.test(raw) ? gunzipSync : undefined;
  if (unpack === undefined) {
    return raw;
  }
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH };
    return unpack(head.subarray(0, mostCompressed), options).toString('latin1', 0, head.length * 4);
  } catch {
    return raw;
  }
}
