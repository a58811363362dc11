import { ColdpressError } from '../errors.ts';
import { formatCommand, formatLine, quote } from '../shell-command.ts';
import type { EmitPlan } from './plan.ts';

/** https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html */
const serverlessMemory = { mostMb: 6144, stepMb: 1024, maxConcurrency: 20 } as const;

const trustPolicy = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
};

/**
 * A script that builds the image, pushes it to ECR and deploys it to a SageMaker endpoint. It can be rerun at any
 * point.
 * @param dir - the artifact's folder, as written in the script
 * @throws ColdpressError OPTION_INVALID, OPTION_OUT_OF_RANGE, ARTIFACT_ARCHITECTURE
 */
export function sageMakerScript({ name, image, memoryMib, platform }: EmitPlan, dir: string): string {
  const repository = parseEcr(image);
  if (platform === 'linux/arm64') {
    throw new ColdpressError(
      'ARTIFACT_ARCHITECTURE',
      `${dir} was packed for arm64, and the script is for x64`,
      {
        hint: 'pack it again with --arch x64; docs/guides/sagemaker.md has the commands for Graviton',
      },
    );
  }
  const { stepMb, mostMb, maxConcurrency } = serverlessMemory;
  const memoryMb = stepMb * Math.ceil(memoryMib / stepMb);
  if (memoryMb > mostMb) {
    throw new ColdpressError('OPTION_OUT_OF_RANGE', `the model needs ${memoryMb} MB of memory`, {
      hint: `a serverless endpoint has at most ${mostMb}; docs/guides/sagemaker.md has the commands for instances`,
    });
  }
  const role = `${name}-endpoint`;
  const endpoint = ['--endpoint-name', name];
  const config = `--endpoint-config-name "$CONFIG"`;
  const sagemaker = (...args: string[]) => formatLine(['aws', 'sagemaker', ...args]);
  const exists = (command: string) => `if ! ${command} > /dev/null 2>&1; then`;
  return [
    '#!/bin/sh',
    '# Builds and pushes the image, and deploys a serverless endpoint, with the credentials and region of the AWS CLI.',
    '# Log in to ECR first: docs/images.md, Registries. For an instance, set INSTANCE_TYPE=ml.m6i.large.',
    '# Run it again to deploy a new model.',
    'set -eu',
    '',
    formatCommand(['npx', 'coldpress', 'image', dir, '--arch', 'x64', '--tag', image, '--push']),
    `IMAGE=$(node -p 'JSON.parse(fs.readFileSync(process.argv[1])).image' ${quote(`${dir}/image.json`)})`,
    `DIGEST=$(printf %s "$IMAGE" | sed 's/.*@sha256:\\(.\\{12\\}\\).*/\\1/')`,
    '',
    exists(formatLine(['aws', 'iam', 'get-role', '--role-name', role])),
    `  ${formatLine(['aws', 'iam', 'create-role', '--role-name', role, '--assume-role-policy-document', JSON.stringify(trustPolicy)])} > /dev/null`,
    '  # SageMaker can use a new role only after some seconds.',
    '  sleep 10',
    'fi',
    formatCommand([
      ...['aws', 'iam', 'put-role-policy', '--role-name', role, '--policy-name', 'endpoint'],
      ...['--policy-document', JSON.stringify(rolePolicy(name, repository))],
    ]),
    `ROLE=$(${formatLine(['aws', 'iam', 'get-role', '--role-name', role, '--query', 'Role.Arn', '--output', 'text'])})`,
    '',
    `MODEL=${name}-$DIGEST`,
    exists('aws sagemaker describe-model --model-name "$MODEL"'),
    '  aws sagemaker create-model --model-name "$MODEL" --primary-container "Image=$IMAGE" --execution-role-arn "$ROLE" > /dev/null',
    'fi',
    '',
    `if [ -n "\${INSTANCE_TYPE:-}" ]; then`,
    '  CONFIG=$MODEL-$(printf %s "$INSTANCE_TYPE" | tr . -)',
    '  VARIANT="VariantName=main,ModelName=$MODEL,InstanceType=$INSTANCE_TYPE,InitialInstanceCount=1"',
    'else',
    '  CONFIG=$MODEL-serverless',
    `  VARIANT="VariantName=main,ModelName=$MODEL,ServerlessConfig={MemorySizeInMB=${memoryMb},MaxConcurrency=${maxConcurrency}}"`,
    'fi',
    exists(`aws sagemaker describe-endpoint-config ${config}`),
    `  aws sagemaker create-endpoint-config ${config} --production-variants "$VARIANT" > /dev/null`,
    'fi',
    '',
    `if ${sagemaker('describe-endpoint', ...endpoint)} > /dev/null 2>&1; then`,
    `  ${sagemaker('update-endpoint', ...endpoint)} ${config} > /dev/null`,
    'else',
    `  ${sagemaker('create-endpoint', ...endpoint)} ${config} > /dev/null`,
    'fi',
    sagemaker('wait', 'endpoint-in-service', ...endpoint),
    `echo 'The endpoint is deployed. To call it: aws sagemaker-runtime invoke-endpoint --endpoint-name ${name} --content-type application/json --body fileb://record.json answer.json'`,
    '',
  ].join('\n');
}

interface EcrRepository {
  account: string;
  region: string;
  repository: string;
}

function parseEcr(image: string): EcrRepository {
  const [, account, region, repository] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.[a-z.]+\/([^:@]+)(?::[^@]+)?$/.exec(image) ?? [];
  if (account === undefined) {
    throw new ColdpressError('OPTION_INVALID', `--image is ${image}; SageMaker accepts only images in ECR`, {
      hint: 'a tag to push to: --image 123456789012.dkr.ecr.eu-west-1.amazonaws.com/churn:1',
    });
  }
  return { account, region: region!, repository: repository! };
}

/** https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms */
function rolePolicy(name: string, { account, region, repository }: EcrRepository): object {
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  const allow = (Action: string | string[], Resource: string, more: object = {}) => ({
    Effect: 'Allow',
    Action,
    Resource,
    ...more,
  });
  return {
    Version: '2012-10-17',
    Statement: [
      allow(
        ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        `arn:${partition}:ecr:${region}:${account}:repository/${repository}`,
      ),
      allow('ecr:GetAuthorizationToken', '*'),
      allow('cloudwatch:PutMetricData', '*', {
        Condition: { StringLike: { 'cloudwatch:namespace': ['*SageMaker*', '*sagemaker*'] } },
      }),
      allow(
        ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        `arn:${partition}:logs:*:*:log-group:/aws/sagemaker/Endpoints/${name}:*`,
      ),
    ],
  };
}
