/** The error of an alarm on drift for a function that counts nothing. */
export const unprofiled = {
  code: 'PROFILE_MISSING',
  message: 'the function counts nothing for drift, because it was packed without a profile',
  hint: 'add "samples" with 50 rows or more to the config, or run `coldpress profile DATA --model MODEL` and set "profile"; telemetry.drift must not be false',
};
