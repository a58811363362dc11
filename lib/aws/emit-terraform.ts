import { awsLambdaDefaults as defaults } from '../targets/aws-lambda/defaults.ts';
import type { EmitPlan } from './emit-plan.ts';
import { invokeCommand } from './invoke-command.ts';
import { logsPolicy, trustPolicy } from './role-policies.ts';

/**
 * A Terraform configuration in JSON (`main.tf.json`) that deploys what OnnxFunction does. Applying it again updates the
 * function: its resources are named after the model.
 */
export function terraformConfig(plan: EmitPlan): object {
  const { name, manifest, layer, architecture } = plan;
  return {
    terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '>= 6.0' } } },
    resource: {
      aws_cloudwatch_log_group: {
        function: { name: `/coldpress/${name}`, retention_in_days: defaults.logRetentionDays },
      },
      aws_iam_role: {
        function: { name, assume_role_policy: literal(JSON.stringify(trustPolicy)) },
      },
      aws_iam_role_policy: {
        logs: {
          name: 'logs',
          role: reference('aws_iam_role.function.id'),
          policy: JSON.stringify(logsPolicy(`${reference('aws_cloudwatch_log_group.function.arn')}:*`)),
        },
      },
      ...(layer !== undefined && {
        aws_lambda_layer_version: {
          onnxruntime: {
            layer_name: layer.name,
            description: literal(layer.description),
            license_info: 'MIT',
            filename: literal(layer.zip),
            source_code_hash: fileHash(layer.zip),
            compatible_architectures: [architecture],
          },
        },
      }),
      aws_lambda_function: {
        function: {
          function_name: name,
          description: literal(defaults.describe(manifest.name)),
          filename: literal(plan.functionZip),
          source_code_hash: fileHash(plan.functionZip),
          handler: manifest.handler,
          runtime: manifest.runtime,
          architectures: [architecture],
          memory_size: plan.memoryMb,
          timeout: plan.timeoutSeconds,
          role: reference('aws_iam_role.function.arn'),
          ...(layer !== undefined && { layers: [reference('aws_lambda_layer_version.onnxruntime.arn')] }),
          logging_config: {
            log_format: 'JSON',
            log_group: reference('aws_cloudwatch_log_group.function.name'),
          },
          tags: { [defaults.modelTag]: literal(manifest.name) },
        },
      },
    },
    output: {
      function_arn: { value: reference('aws_lambda_function.function.arn') },
      invoke: { description: 'How to call it', value: literal(invokeCommand(name)) },
    },
  };
}

function reference(path: string): string {
  return `\${${path}}`;
}

/** Escapes text so that it contains no expression: a folder may be called `\${x}`. */
function literal(text: string): string {
  return text.replaceAll('${', '$${').replaceAll('%{', '%%{');
}

function fileHash(path: string): string {
  return `\${filebase64sha256(${JSON.stringify(literal(path))})}`;
}
