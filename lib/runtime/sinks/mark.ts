/** Marks, as an attribute or metadata field, what coldpress sinks write to stores that are also sources. */
export const sinkMark = 'coldpress';
