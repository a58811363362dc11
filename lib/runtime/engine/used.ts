/** The available engines: all of them, but in a function's bundle only the one that its manifest names. */
export * from './index.ts';
