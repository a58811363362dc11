/** The input that packing adds to a model which counts what its operators make of a request: a FLOAT, the limit. */
export const ELEMENTS_INPUT = 'coldpress/elements';

/** The limit while a model is packed, and in a function without one: 256 MB of FLOAT. */
export const defaultElements = 2 ** 26;
