import { getCompileCacheDir } from 'node:module';

/**
 * The environment variable that passes on this process's compile cache, if it has one: in a clone, children then need
 * not strip types again, which takes 40 ms.
 */
export function compileCacheVariable(): Record<string, string> {
  const dir = getCompileCacheDir();
  return dir === undefined ? {} : { NODE_COMPILE_CACHE: dir };
}
