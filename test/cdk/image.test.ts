import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { beforeAll, expect, test } from 'vitest';
import { OnnxFunction, type OnnxFunctionProps } from '../../lib/cdk/index.ts';
import { pack } from '../../lib/pack/pack.ts';
import { example, makeScratch } from '../packed/pack-example.ts';

const scratch = makeScratch();
const artifact = join(scratch, 'image');
const zip = join(scratch, 'zip');
const digest = `sha256:${'ab'.repeat(32)}`;
const image = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/churn@${digest}`;

beforeAll(async () => {
  const options = { cwd: example, env: process.env, engine: 'compiled' } as const;
  await pack({ ...options, package: 'image', out: artifact });
  await pack({ ...options, out: zip });
}, 30_000);

function stackOf(props: Partial<OnnxFunctionProps> = {}): Stack {
  const stack = new Stack(new App(), 'Stack');
  new OnnxFunction(stack, 'Model', { artifact, ...props });
  return stack;
}

const pushed = (name: string) => writeFileSync(join(artifact, 'image.json'), JSON.stringify({ image: name }));

test('an image that was not pushed is refused', () => {
  expect(() => stackOf()).toThrow(expect.objectContaining({ code: 'IMAGE_NOT_PUSHED' }));
});

test('the function is the image that was pushed, by its digest', () => {
  pushed(image);
  const template = Template.fromStack(stackOf({ packaging: 'image', memorySize: 1000 }));
  template.hasResourceProperties('AWS::Lambda::Function', {
    PackageType: 'Image',
    Architectures: ['arm64'],
    Code: {
      ImageUri: {
        'Fn::Join': [
          '',
          ['123456789012.dkr.ecr.eu-west-1.', { Ref: 'AWS::URLSuffix' }, `/team/churn@${digest}`],
        ],
      },
    },
    MemorySize: 1000,
    Environment: { Variables: { NODE_OPTIONS: '--max-old-space-size=900' } },
  });
  template.resourceCountIs('AWS::Lambda::LayerVersion', 0);
});

test('a repository of the app comes before the one that was pushed to', () => {
  pushed(image);
  const stack = new Stack(new App(), 'Stack');
  const imageRepository = new ecr.Repository(stack, 'Repository');
  new OnnxFunction(stack, 'Model', { artifact, imageRepository });
  const { Code } = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'))[0]!
    .Properties;
  expect(JSON.stringify(Code)).toContain('{"Ref":"Repository');
});

test('with SnapStart the function is called by an alias, for snapshots are of versions', () => {
  pushed(image);
  const template = Template.fromStack(stackOf({ snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS }));
  template.hasResourceProperties('AWS::Lambda::Function', { SnapStart: { ApplyOn: 'PublishedVersions' } });
  template.hasResourceProperties('AWS::Lambda::Alias', { Name: 'live' });
});

test.each<[string, string, () => Partial<OnnxFunctionProps>]>([
  [
    'a registry other than ECR',
    'IMAGE_REPOSITORY',
    () => {
      pushed(`ghcr.io/team/churn@${digest}`);
      return {};
    },
  ],
  ['zips where an image is wanted', 'ARTIFACT_PACKAGE', () => ({ artifact: zip, packaging: 'image' })],
  ['an image where zips are wanted', 'ARTIFACT_PACKAGE', () => ({ packaging: 'zip' })],
  [
    'SnapStart with provisioned concurrency',
    'SNAPSTART_PROVISIONED',
    () => ({ snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS, provisionedConcurrency: 1 }),
  ],
  [
    'layers',
    'IMAGE_LAYERS',
    () => {
      pushed(image);
      const arn = 'arn:aws:lambda:eu-west-1:123456789012:layer:a:1';
      return { layers: [lambda.LayerVersion.fromLayerVersionArn(new Stack(), 'Layer', arn)] };
    },
  ],
])('refused: %s', (_, code, props) => {
  expect(() => stackOf(props())).toThrow(expect.objectContaining({ code }));
});
