import { defineConfig } from 'coldpress';

export default defineConfig({
  name: 'tickets',
  model: './model.onnx',
  score: './score.ts',
  samples: './samples.jsonl',
  assets: ['tokenizer.json'],
});
