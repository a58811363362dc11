/** What a function gets on AWS Lambda that nobody said otherwise of, whichever way it is deployed. */
export const awsLambdaDefaults = {
  /** Until the function has read its model, and for one large request. */
  timeoutSeconds: 30,
  logRetentionDays: 30,
  /** All that its role may do, to its own log group: AWS's managed role may write to every one of the account. */
  logActions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  description: 'an ONNX model, packed by coldpress',
  /** By it, costs are told apart. */
  modelTag: 'coldpress:model',
} as const;
