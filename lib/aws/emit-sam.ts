import { awsLambdaDefaults as defaults } from '../targets/aws-lambda/defaults.ts';
import type { EmitPlan } from './emit-plan.ts';
import { invokeCommand } from './invoke-command.ts';
import { logsPolicy, trustPolicy } from './role-policies.ts';

/** A template for AWS SAM that deploys what OnnxFunction does. `sam deploy` uploads the zips that it names. */
export function samTemplate(plan: EmitPlan): object {
  const { manifest, layer, architecture } = plan;
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Transform: 'AWS::Serverless-2016-10-31',
    Description: defaults.describe(manifest.name),
    Resources: {
      ...(layer !== undefined && {
        OnnxRuntimeLayer: {
          Type: 'AWS::Serverless::LayerVersion',
          Properties: {
            LayerName: layer.name,
            Description: layer.description,
            ContentUri: layer.zip,
            CompatibleArchitectures: [architecture],
            LicenseInfo: 'MIT',
            RetentionPolicy: 'Delete',
          },
        },
      }),
      FunctionLogs: {
        Type: 'AWS::Logs::LogGroup',
        DeletionPolicy: 'Delete',
        UpdateReplacePolicy: 'Delete',
        Properties: { RetentionInDays: defaults.logRetentionDays },
      },
      FunctionRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: trustPolicy,
          Policies: [
            { PolicyName: 'logs', PolicyDocument: logsPolicy({ 'Fn::GetAtt': ['FunctionLogs', 'Arn'] }) },
          ],
        },
      },
      Function: {
        Type: 'AWS::Serverless::Function',
        Properties: {
          FunctionName: plan.name,
          Description: defaults.describe(manifest.name),
          CodeUri: plan.functionZip,
          Handler: manifest.handler,
          Runtime: manifest.runtime,
          Architectures: [architecture],
          MemorySize: plan.memoryMb,
          Timeout: plan.timeoutSeconds,
          ...(layer !== undefined && { Layers: [{ Ref: 'OnnxRuntimeLayer' }] }),
          LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: 'FunctionLogs' } },
          Role: { 'Fn::GetAtt': ['FunctionRole', 'Arn'] },
          Tags: { [defaults.modelTag]: manifest.name },
        },
      },
    },
    Outputs: {
      FunctionArn: { Value: { 'Fn::GetAtt': ['Function', 'Arn'] } },
      Invoke: { Description: 'How to call it', Value: invokeCommand(plan.name) },
    },
  };
}
