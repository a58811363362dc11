import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { OnnxFunction } from '../function.ts';
import { refuseTwoCors } from './http-api.ts';
import { Trigger } from './trigger.ts';

export interface FunctionUrlTriggerProps {
  /**
   * Who may call: AWS principals that have permission, or, with `NONE`, anyone on the internet.
   * @default FunctionUrlAuthType.AWS_IAM
   */
  readonly authType?: lambda.FunctionUrlAuthType;
  /**
   * Web pages of other origins that may call, answered by Lambda itself. Browsers do not sign preflight requests, so
   * IAM would refuse them. Leave `http.cors` out of the config.
   * @default none; with authType NONE, the config's `http.cors` applies
   */
  readonly cors?: lambda.FunctionUrlCorsOptions;
}

/** Serves HTTP at a Function URL. */
export class FunctionUrlTrigger extends Trigger {
  /** The construct of the URL. */
  readonly functionUrl: lambda.FunctionUrl;
  /** The URL, with a slash at its end. */
  readonly url: string;

  /** @throws ColdpressError CORS_TWICE */
  constructor(fn: OnnxFunction, id: string, props: FunctionUrlTriggerProps = {}) {
    super(fn, id);
    if (props.cors !== undefined) {
      refuseTwoCors(fn, id);
    }
    const authType = props.authType ?? lambda.FunctionUrlAuthType.AWS_IAM;
    this.functionUrl = new lambda.FunctionUrl(this, 'Url', {
      function: fn.invocable,
      ...(props.cors && { cors: props.cors }),
      ...fn.urlOptions,
      authType,
    });
    if (authType === lambda.FunctionUrlAuthType.NONE) {
      permitInvoking(this, fn);
    }
    this.url = this.functionUrl.url;
  }
}

/**
 * Calling a URL requires both `lambda:InvokeFunctionUrl` and `lambda:InvokeFunction`; releases of CDK before 2.222 only
 * grant the first. https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 */
function permitInvoking(scope: Construct, { invocable }: OnnxFunction): void {
  const isPermitted = invocable.node
    .findAll()
    .some(part => part instanceof lambda.CfnPermission && part.invokedViaFunctionUrl === true);
  if (!isPermitted) {
    new lambda.CfnPermission(scope, 'InvokeFunction', {
      action: 'lambda:InvokeFunction',
      principal: '*',
      functionName: invocable.functionArn,
    }).addPropertyOverride('InvokedViaFunctionUrl', true);
  }
}
