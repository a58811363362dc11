import { defineConfig } from 'coldpress';

export default defineConfig({
  name: 'cloth',
  model: './model.onnx',
  score: './score.ts',
});
