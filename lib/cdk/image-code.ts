import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Arn, ArnFormat, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Artifact } from '../artifact.ts';
import { IMAGE_FILE } from '../contract/files.ts';
import { quote } from '../shell-command.ts';
import { errorAt } from './error-at.ts';

const name = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[a-z0-9.-]+\/([^@]+)@(sha256:[0-9a-f]{64})$/;

/**
 * Returns the code of the image that `coldpress image --push` made of an artifact, by its digest. CDK's own image
 * assets require Docker for tagging and pushing.
 * @param repository - replaces the repository that was pushed to, which is named by account and region
 * @throws ColdpressError IMAGE_NOT_PUSHED, IMAGE_REPOSITORY, with the construct's path
 */
export function imageCode(
  scope: Construct,
  id: string,
  { dir, repository }: { dir: Artifact['dir']; repository: ecr.IRepository | undefined },
): Pick<lambda.FunctionProps, 'code' | 'handler' | 'runtime'> {
  const path = join(dir, IMAGE_FILE);
  const push = `npx coldpress image ${quote(dir)} --tag ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG --push`;
  if (!existsSync(path)) {
    throw errorAt(scope, id, {
      code: 'IMAGE_NOT_PUSHED',
      message: `${dir} was packed as an image, and none of it was pushed`,
      hint: push,
    });
  }
  const { image } = JSON.parse(readFileSync(path, 'utf8')) as { image: string };
  const [, account, region, repositoryName, digest] = name.exec(image) ?? [];
  if (repository === undefined && repositoryName === undefined) {
    throw errorAt(scope, id, {
      code: 'IMAGE_REPOSITORY',
      message: `the image was pushed to ${image}; Lambda accepts only images in ECR`,
      hint: push,
    });
  }
  return {
    code: lambda.Code.fromEcrImage(
      repository ?? repositoryOf(scope, `${id}Repository`, { account, region, repositoryName }),
      {
        tagOrDigest: digest ?? image.slice(image.indexOf('@') + 1),
      },
    ),
    handler: lambda.Handler.FROM_IMAGE,
    runtime: lambda.Runtime.FROM_IMAGE,
  };
}

function repositoryOf(
  scope: Construct,
  id: string,
  { account, region, repositoryName }: Record<'account' | 'region' | 'repositoryName', string | undefined>,
): ecr.IRepository {
  const arn = Arn.format(
    {
      service: 'ecr',
      resource: 'repository',
      resourceName: repositoryName!,
      account: account!,
      region: region!,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    },
    Stack.of(scope),
  );
  return ecr.Repository.fromRepositoryAttributes(scope, id, {
    repositoryArn: arn,
    repositoryName: repositoryName!,
  });
}
