import { defineScore, tensor } from 'coldpress/runtime';
import * as v from 'valibot';
import type { Model } from './model.onnx.d.ts';

/** In the order of the model's columns: `load_breast_cancer().feature_names`. */
const FEATURES = [
  'mean radius',
  'mean texture',
  'mean perimeter',
  'mean area',
  'mean smoothness',
  'mean compactness',
  'mean concavity',
  'mean concave points',
  'mean symmetry',
  'mean fractal dimension',
  'radius error',
  'texture error',
  'perimeter error',
  'area error',
  'smoothness error',
  'compactness error',
  'concavity error',
  'concave points error',
  'symmetry error',
  'fractal dimension error',
  'worst radius',
  'worst texture',
  'worst perimeter',
  'worst area',
  'worst smoothness',
  'worst compactness',
  'worst concavity',
  'worst concave points',
  'worst symmetry',
  'worst fractal dimension',
] as const;

/** scikit-learn's target names; the position is the class. */
const CLASSES = ['malignant', 'benign'] as const;

export default defineScore<Model>()({
  record: v.object(v.entriesFromList(FEATURES, v.number())),

  encode: records => {
    const rows = records.flatMap(record => FEATURES.map(name => record[name]));
    return { float_input: tensor('FP32', [records.length, FEATURES.length], rows) };
  },

  decode: (outputs, records) => {
    const labels = outputs.output_label.data;
    const probabilities = outputs.output_probability.data;
    return records.map((_, i) => ({
      label: CLASSES[Number(labels[i])],
      probabilities: {
        malignant: Number(probabilities[CLASSES.length * i]),
        benign: Number(probabilities[CLASSES.length * i + 1]),
      },
    }));
  },
});
