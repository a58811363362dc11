/** Defaults of a function on AWS Lambda, for every way of deploying it. */
export const awsLambdaDefaults = {
  /** Enough to read the model and to answer one large request. */
  timeoutSeconds: 30,
  logRetentionDays: 30,
  /** The role's only permissions, limited to its own log group; AWS's managed role may write to all log groups. */
  logActions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  /** The function's description. `name` is the model's. */
  describe: (name: string) => `the model ${name}, packed by coldpress`,
  /** The tag by which costs can be split by model. */
  modelTag: 'coldpress:model',
} as const;
