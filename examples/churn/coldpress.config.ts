import { defineConfig } from 'coldpress';

export default defineConfig({
  name: 'churn',
  model: './model.txt',
  samples: { path: './samples.csv', tolerance: { relative: 1e-12, absolute: 1e-15 } },
});
