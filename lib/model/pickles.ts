/** How to convert a pickled model to a format that coldpress reads, by the library that made it. */
interface PickledLibrary {
  label: string;
  /** Matches the first module that the pickle names, which contains the model's class. */
  module: RegExp;
  /** Completes "in Python: ". */
  way: string;
}

const load = 'import joblib; model = joblib.load("FILE")';

export const pickledLibraries: readonly PickledLibrary[] = [
  {
    label: 'a pickled LightGBM model',
    module: /^lightgbm\.sklearn/,
    way: `${load}; model.booster_.save_model("model.txt")`,
  },
  {
    label: 'a pickled LightGBM model',
    module: /^lightgbm/,
    way: `${load}; model.save_model("model.txt")`,
  },
  {
    label: 'a pickled XGBoost model',
    module: /^xgboost/,
    way: `${load}; model.save_model("model.ubj")`,
  },
  {
    label: 'a pickled CatBoost model',
    module: /^catboost/,
    way: `${load}; model.save_model("model.onnx", format="onnx")`,
  },
  {
    label: 'a pickled scikit-learn model',
    module: /^sklearn/,
    way: `${load}; import skl2onnx; open("model.onnx", "wb").write(skl2onnx.to_onnx(model, X[:1].astype("float32")).SerializeToString())`,
  },
];

/** Recognises the library that made a pickle by its first bytes; `undefined` if unknown or compressed. */
export function pickledLibrary(head: Buffer): PickledLibrary | undefined {
  const module = /(lightgbm|xgboost|catboost|sklearn)\.[\w.]+/.exec(head.toString('latin1'))?.[0] ?? '';
  return pickledLibraries.find(library => library.module.test(module));
}
