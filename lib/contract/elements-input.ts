/** The input with the limit, a FLOAT, that packing adds to a model that counts the elements its operators make. */
export const ELEMENTS_INPUT = 'coldpress/elements';

/** The limit while a model is packed, and in a function without a limit: 256 MB of FLOAT. */
export const defaultElements = 2 ** 26;
