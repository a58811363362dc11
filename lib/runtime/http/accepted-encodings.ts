/** The accepted values of `Content-Encoding`, for errors and for a header that informs clients. */
export const acceptedEncodings = 'gzip, br, deflate';
