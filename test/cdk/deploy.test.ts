import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  ListLayersCommand,
  ListLayerVersionsCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLambda } from '../../lib/local/lambda.ts';
import { readModel } from '../../lib/model/read.ts';
import { writeModel } from '../../lib/model/write.ts';
import { emptyFolder, host } from '../local/tiny-artifact.ts';
import { hasMoto, startMoto } from '../runtime/sinks/moto.ts';
import { root } from './app.ts';

const run = promisify(execFile);
const Bucket = 'cdk-hnb659fds-assets-123456789012-us-east-1';
const row = { inputs: [{ name: 'float_input', datatype: 'FP32', shape: [1, 30], data: Array(30).fill(1) }] };

/** The key of the function's archive in the template that was deployed last. */
function codeOf(scratch: string): string {
  const { Resources } = JSON.parse(readFileSync(join(scratch, 'out/Moto.template.json'), 'utf8'));
  const all = Object.values(Resources) as { Type: string; Properties: { Code?: { S3Key: string } } }[];
  return all.find(({ Type }) => Type === 'AWS::Lambda::Function')!.Properties.Code!.S3Key;
}

/**
 * By the real CDK against moto, which lacks aliases and URLs, and does not tell a function's layers; the templates of
 * those are asserted elsewhere.
 */
describe.skipIf(!hasMoto || host.platform !== 'linux')('a stack is (needs moto_server)', () => {
  let moto: Awaited<ReturnType<typeof startMoto>>;
  let scratch = '';
  let lambda: LambdaClient;
  let s3: S3Client;

  async function cdk(...args: string[]) {
    await run(process.execPath, [join(root, 'node_modules/aws-cdk/bin/cdk'), ...args], {
      cwd: root,
      env: {
        ...process.env,
        // The name that the CLI puts into templates' URLs for CloudFormation, which moto knows as S3's.
        AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION: 'https://s3.us-east-1.amazonaws.com',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        MODEL: join(scratch, 'model.onnx'),
      },
    });
  }

  const app = ['--app', `${process.execPath} test/cdk/moto-app.ts`];
  const deploy = () =>
    cdk(
      ...['deploy', ...app, '--output', join(scratch, 'out'), '--require-approval', 'never'],
      // A change set of moto's changes nothing.
      ...['--method=direct', '--previous-parameters=false'],
    );

  beforeAll(async () => {
    scratch = await emptyFolder();
    copyFileSync(join(root, 'examples/breast-cancer/model.onnx'), join(scratch, 'model.onnx'));
    moto = await startMoto();
    [lambda, s3] = [new LambdaClient(), new S3Client()];
    await cdk('bootstrap', 'aws://123456789012/us-east-1');
  }, 120_000);

  afterAll(() => moto?.close());

  /** The functions that there are, as AWS tells them. */
  async function functions() {
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand());
    // CDK's own, which empties buckets and the like, is none of the stack's models.
    return Functions.filter(({ Handler }) => Handler === 'index.handler');
  }

  /** The archives that were uploaded, unpacked as one artifact: the function whose size AWS tells, and the layer. */
  async function uploadedArtifact(codeSize: number): Promise<string> {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    const dir = await emptyFolder();
    for (const { Key, Size } of Contents.filter(({ Key }) => Key!.endsWith('.zip'))) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const files = unzipSync(await Body!.transformToByteArray());
      const part = 'coldpress.json' in files ? 'function' : 'layer';
      if (part === 'layer' || Size === codeSize) {
        for (const [path, bytes] of Object.entries(files)) {
          mkdirSync(dirname(join(dir, part, path)), { recursive: true });
          writeFileSync(join(dir, part, path), bytes);
        }
      }
    }
    return dir;
  }

  test('deployed, and what was uploaded answers', { timeout: 120_000 }, async () => {
    await deploy();
    const [fn, ...others] = await functions();
    expect(others).toEqual([]);
    expect(fn).toMatchObject({ Runtime: 'nodejs24.x', Timeout: 30, MemorySize: 512, PackageType: 'Zip' });
    const FunctionName = fn!.FunctionName!;
    const { Versions } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
    expect(Versions!.map(({ Version }) => Version)).toEqual(['$LATEST', '1']);
    const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
    expect(EventSourceMappings).toMatchObject([{ FunctionResponseTypes: ['ReportBatchItemFailures'] }]);
    const { Layers } = await lambda.send(new ListLayersCommand());
    const { LayerVersions } = await lambda.send(
      new ListLayerVersionsCommand({ LayerName: Layers![0]!.LayerName! }),
    );
    expect(LayerVersions).toMatchObject([{ Version: 1, LicenseInfo: 'MIT' }]);

    const local = await startLambda(await uploadedArtifact(fn!.CodeSize!), { host });
    try {
      const { payload, functionError } = await local.invoke(Buffer.from(JSON.stringify(row)));
      expect(functionError, payload.toString()).toBeUndefined();
      expect(JSON.parse(payload.toString()).outputs[0]).toMatchObject({ shape: [1] });
    } finally {
      await local.close();
    }
  });

  test('given another model: its code alone is uploaded anew', { timeout: 120_000 }, async () => {
    const uploaded = async () =>
      (await s3.send(new ListObjectsV2Command({ Bucket }))).Contents!.map(({ Key }) => Key);
    const [before, codeBefore] = [await uploaded(), codeOf(scratch)];
    const model = await readModel(join(scratch, 'model.onnx'));
    if (model.format !== 'onnx') {
      throw new Error('the example is ONNX');
    }
    model.proto.docString = 'trained again';
    await writeModel(model, join(scratch, 'model.onnx'));
    await deploy();
    const code = codeOf(scratch);
    expect(code).not.toBe(codeBefore);
    const added = (await uploaded()).filter(key => !before.includes(key) && key!.endsWith('.zip'));
    expect(added).toEqual([code]);
    // moto says UPDATE_COMPLETE of a stack whose function has new code, and keeps the old.
    expect(await functions()).toMatchObject([{ LastUpdateStatus: 'Successful' }]);
    const { Layers } = await lambda.send(new ListLayersCommand());
    expect(Layers).toMatchObject([{ LatestMatchingVersion: { Version: 1 } }]);
  });

  test('destroyed, and nothing is left', { timeout: 120_000 }, async () => {
    await cdk('destroy', ...app, '--output', join(scratch, 'out'), '--force');
    expect(await functions()).toEqual([]);
    expect((await lambda.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings).toEqual([]);
  });
});
