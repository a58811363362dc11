import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isStreaming } from './response-stream.ts';

// biome-ignore lint/suspicious/noExplicitAny: a handler takes whatever its trigger sends.
export type Handler = (...parameters: any[]) => unknown;

/**
 * Imports the function's module, which is its INIT phase, and finds the handler in it.
 * @param handlerString - such as `index.handler`: the module name ends at the first dot of the base name
 */
export async function loadHandler(taskRoot: string, handlerString: string): Promise<Handler> {
  const [, moduleName, exportPath] = /^([^.]*)\.(.*)$/.exec(basename(handlerString)) ?? [];
  if (moduleName === undefined || exportPath === undefined || handlerString.includes('..')) {
    throw runtimeError('MalformedHandlerName', 'Bad handler');
  }
  const module = await importModule(resolve(taskRoot, dirname(handlerString), moduleName));
  const handler = find(module, exportPath) ?? find((module as { default?: unknown }).default, exportPath);
  if (handler === undefined) {
    throw runtimeError('HandlerNotFound', `${handlerString} is undefined or not exported`);
  }
  if (typeof handler !== 'function') {
    throw runtimeError('HandlerNotFound', `${handlerString} is not a function`);
  }
  if (handler.length >= 3 && !isStreaming(handler)) {
    throw runtimeError(
      'CallbackHandlerDeprecated',
      'AWS Lambda has no callback-based function handlers any more',
    );
  }
  return handler as Handler;
}

async function importModule(path: string): Promise<unknown> {
  const file = ['', '.js', '.mjs', '.cjs'].map(extension => path + extension).find(existsSync);
  if (file === undefined) {
    throw runtimeError('ImportModuleError', `Error: Cannot find module '${basename(path)}'`);
  }
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw Object.assign(runtimeError('UserCodeSyntaxError', String(error)), { stack: error.stack });
    }
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') {
      throw runtimeError('ImportModuleError', String(error));
    }
    throw error;
  }
}

function find(module: unknown, exportPath: string): unknown {
  return exportPath
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], module);
}

function runtimeError(type: string, message: string): Error {
  return Object.assign(new Error(message), { name: `Runtime.${type}` });
}
