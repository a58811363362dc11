/** The start of the log line about a score that fails for several records together, and answers each in smaller batches. */
export const failsTogether =
  'the score failed for several records at once, but answered all of them in smaller batches:';
