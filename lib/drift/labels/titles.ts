import type { MetricName } from './metrics.ts';

/** Titles of the figures in reports. */
export const metricTitles: Record<MetricName, string> = {
  accuracy: 'accuracy',
  areaUnderCurve: 'AUC',
  calibrationError: 'calibration error',
  brierScore: 'Brier score',
  logLoss: 'log loss',
  meanAbsoluteError: 'mean absolute error',
  rootMeanSquareError: 'root mean square error',
};
