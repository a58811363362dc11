import type { MetricName } from './metrics.ts';

/** How reports name the figures. */
export const metricTitles: Record<MetricName, string> = {
  accuracy: 'accuracy',
  areaUnderCurve: 'AUC',
  calibrationError: 'calibration error',
  brierScore: 'Brier score',
  logLoss: 'log loss',
  meanAbsoluteError: 'mean absolute error',
  rootMeanSquareError: 'root mean square error',
};
