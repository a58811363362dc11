/** The available kernels: all of them, but in a function's bundle only those of its program. */
export * from './index.ts';
