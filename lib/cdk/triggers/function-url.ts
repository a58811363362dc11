import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { OnnxFunction } from '../function.ts';

export interface FunctionUrlTriggerProps {
  /**
   * Who may call: AWS principals that are granted it, or anybody in the world.
   * @default FunctionUrlAuthType.AWS_IAM
   */
  readonly authType?: lambda.FunctionUrlAuthType;
}

/** HTTP at a URL of Lambda's own. Cross-origin requests are the config's `http.cors`. */
export class FunctionUrlTrigger extends Construct {
  readonly functionUrl: lambda.FunctionUrl;
  readonly url: string;

  constructor(fn: OnnxFunction, id: string, props: FunctionUrlTriggerProps = {}) {
    super(fn, id);
    this.functionUrl = new lambda.FunctionUrl(this, 'Url', {
      function: fn.invocable,
      authType: props.authType ?? lambda.FunctionUrlAuthType.AWS_IAM,
    });
    this.url = this.functionUrl.url;
  }
}
