import type { FormatLine } from './observation.ts';

const metrics = [
  { Name: 'records', Unit: 'Count' },
  { Name: 'failures', Unit: 'Count' },
  { Name: 'cold', Unit: 'Count' },
  { Name: 'latencyMs', Unit: 'Milliseconds' },
];

/**
 * Returns a line in CloudWatch's embedded metric format: a log line that also contains four metrics of the function.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const emfLine: FormatLine = (observation, { name, namespace, env }) => {
  const directive = { Namespace: namespace, Dimensions: [['function']], Metrics: metrics };
  return JSON.stringify({
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: [directive] },
    function: env.AWS_LAMBDA_FUNCTION_NAME ?? name,
    ...observation,
    cold: observation.cold ? 1 : 0,
  });
};
