/** The kernels that may be asked for: all of them, but in a function's bundle those of its program. */
export * from './index.ts';
