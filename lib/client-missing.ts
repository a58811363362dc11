import { ColdpressError } from './errors.ts';

/** For the `catch` of a cloud client's `import()`, an optional peer. @throws ColdpressError CLIENT_MISSING */
export function clientMissing(name: string) {
  return (cause: NodeJS.ErrnoException): never => {
    if (cause.code !== 'ERR_MODULE_NOT_FOUND') {
      throw cause;
    }
    throw new ColdpressError('CLIENT_MISSING', `${name} is not installed`, {
      hint: `npm install --save-dev ${name}`,
      cause,
    });
  };
}
