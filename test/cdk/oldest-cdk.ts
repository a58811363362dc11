/** Preloaded: whoever imports or requires aws-cdk-lib gets the oldest release that coldpress says it works with. */
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.replace(/^aws-cdk-lib(?=$|\/)/, 'aws-cdk-lib-oldest'), context),
});
