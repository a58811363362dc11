import type { Stop } from '../budget.ts';

const code = `
const { SageMaker } = require('@aws-sdk/client-sagemaker');
const { ENDPOINT_NAME: EndpointName } = process.env;
exports.handler = async () => {
  const client = new SageMaker({});
  const { EndpointConfigName } = await client.describeEndpoint({ EndpointName });
  await client.deleteEndpoint({ EndpointName });
  console.warn(EndpointName + ' is deleted: its month cost more than its budget. To create it again: aws sagemaker create-endpoint' +
    ' --endpoint-name ' + EndpointName + ' --endpoint-config-name ' + EndpointConfigName);
};
`.trim();

/**
 * Deletes the endpoint: SageMaker bills instances as long as it exists, and no kind of endpoint can be scaled to zero.
 */
export function stopEndpoint({
  endpointName,
  endpointArn,
}: {
  endpointName: string;
  endpointArn: string;
}): Stop {
  return {
    code,
    environment: { ENDPOINT_NAME: endpointName },
    permissions: [
      { actions: ['sagemaker:DescribeEndpoint', 'sagemaker:DeleteEndpoint'], resources: [endpointArn] },
    ],
  };
}
