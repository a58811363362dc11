import type { Stop } from './budget.ts';
import type { ModelFunction } from './model-function.ts';

const code = `
const lambda = require('@aws-sdk/client-lambda');
const { FUNCTION_NAME: FunctionName, PROVISIONED_ALIAS: Qualifier } = process.env;
exports.handler = async () => {
  const client = new lambda.LambdaClient({});
  if (Qualifier) {
    await client.send(new lambda.DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
  }
  await client.send(new lambda.PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  console.warn(FunctionName + ' is stopped: its month cost more than its budget');
};
`.trim();

/** Ends provisioned concurrency, which a concurrency of 0 alone would not do, and blocks all invocations. */
export function stopFunction(fn: ModelFunction, { isProvisioned }: { isProvisioned: boolean }): Stop {
  const provisioned = isProvisioned ? fn.alias : undefined;
  return {
    code,
    environment: {
      FUNCTION_NAME: fn.functionName,
      ...(provisioned && { PROVISIONED_ALIAS: provisioned.aliasName }),
    },
    permissions: [
      { actions: ['lambda:PutFunctionConcurrency'], resources: [fn.functionArn] },
      ...(provisioned === undefined
        ? []
        : [
            {
              actions: ['lambda:DeleteProvisionedConcurrencyConfig'],
              resources: [provisioned.functionArn],
            },
          ]),
    ],
  };
}
