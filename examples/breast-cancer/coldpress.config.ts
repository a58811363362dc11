import { defineConfig } from 'coldpress';

export default defineConfig({
  name: 'breast-cancer',
  model: './model.onnx',
  score: './score.ts',
  samples: './samples.csv',
});
