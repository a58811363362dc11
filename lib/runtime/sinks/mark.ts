/** An attribute, or a field of metadata, of what our sinks write into stores that are sources, too. */
export const sinkMark = 'coldpress';
