import { defineConfig } from 'coldpress';

export default defineConfig({
  name: 'tickets',
  model: './model.onnx',
  score: './score.ts',
  // The samples are tokens; the score takes text.
  samples: { path: './samples.jsonl', score: false },
  assets: ['tokenizer.json'],
});
