/** The engines that may be asked for: all of them, but in a function's bundle the one that its manifest names. */
export * from './index.ts';
