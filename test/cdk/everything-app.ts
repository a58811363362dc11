/** Every construct, and a URL for anybody, by whichever release of CDK aws-cdk-lib is. */
import { App } from 'aws-cdk-lib';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { FunctionUrlTrigger, type OnnxFunction } from '../../lib/cdk/index.ts';
import { context, everything } from './everything.ts';

const app = new App({ context });
const stack = everything(app);
new FunctionUrlTrigger(stack.node.findChild('Churn') as OnnxFunction, 'Open', {
  authType: FunctionUrlAuthType.NONE,
});
app.synth();
