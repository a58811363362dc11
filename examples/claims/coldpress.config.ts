import { defineConfig } from 'coldpress';

export default defineConfig({
  name: 'claims',
  model: './model.ubj',
  // XGBoost computes in 32-bit floats.
  samples: { path: './samples.csv', tolerance: { relative: 1e-6, absolute: 0 } },
});
