import type { FunctionConfiguration, GetFunctionResponse, LambdaClient } from '@aws-sdk/client-lambda';
import { type AwsPlace, type LambdaSdk, withLambda } from '../../aws/lambda-client.ts';
import type { Deployed, DeployedArchive, DeployedCode } from './deployed.ts';
import { download } from './download.ts';

/**
 * Reads a Lambda function and its layers.
 * @param place.functionName - name or ARN, optionally followed by a colon and a version or an alias
 * @throws ColdpressError CLIENT_MISSING, and AWS's errors as `explainAwsError` converts them
 */
export function readLambda(place: AwsPlace): Promise<Deployed> {
  const { functionName: FunctionName } = place;
  return withLambda(place, async (client, sdk) => {
    const found = await client.send(new sdk.GetFunctionCommand({ FunctionName }));
    const configuration = found.Configuration ?? {};
    const { Version, LastModified, MemorySize, Handler, Runtime } = configuration;
    const layers = (configuration.Layers ?? []).flatMap(({ Arn }) => Arn ?? []);
    return {
      subject: `${FunctionName}, version ${Version} on AWS Lambda`,
      ...(LastModified !== undefined && { changed: LastModified }),
      code: codeOf(found, configuration),
      layers: await Promise.all(layers.map(arn => readLayer(client, sdk, arn))),
      settings: {
        ...(Runtime !== undefined && { runtime: Runtime }),
        architecture: configuration.Architectures?.[0] === 'arm64' ? 'arm64' : 'x64',
        ...(Handler !== undefined && { handler: Handler }),
        ...(MemorySize !== undefined && { memoryMb: MemorySize }),
        environment: Object.keys(configuration.Environment?.Variables ?? {}),
      },
      notChecked: [],
    };
  });
}

function codeOf({ Code = {} }: GetFunctionResponse, { CodeSha256 }: FunctionConfiguration): DeployedCode {
  const { ImageUri, ResolvedImageUri, Location } = Code;
  if (ImageUri !== undefined) {
    const digest = ResolvedImageUri?.split('@')[1];
    return { kind: 'image', name: ImageUri, ...(digest !== undefined && { digest }) };
  }
  return { kind: 'zip', ...archive('the code', CodeSha256, Location) };
}

async function readLayer(client: LambdaClient, sdk: LambdaSdk, Arn: string): Promise<DeployedArchive> {
  const { Content = {} } = await client.send(new sdk.GetLayerVersionByArnCommand({ Arn }));
  return archive(Arn, Content.CodeSha256, Content.Location);
}

/** Lambda returns hashes in base64. */
function archive(name: string, sha256: string | undefined, url: string | undefined): DeployedArchive {
  return {
    name,
    ...(sha256 !== undefined && { sha256: Buffer.from(sha256, 'base64').toString('hex') }),
    download: () => download(url, name),
  };
}
