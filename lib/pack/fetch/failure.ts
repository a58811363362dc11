/** A store's refusal or a broken connection. A transient one is worth another attempt. */
export class FetchFailure extends Error {
  override readonly name = 'FetchFailure';
  readonly isTransient: boolean;
  readonly hint: string;
  /** Status of the HTTP response, if there was one. */
  readonly status: number | undefined;

  constructor(
    message: string,
    options: { isTransient: boolean; hint: string; status?: number; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.isTransient = options.isTransient;
    this.hint = options.hint;
    this.status = options.status;
  }
}

/** The failure for an HTTP status. */
export function statusFailure(status: number, hint = hintOf(status)): FetchFailure {
  // 412 and 416: the partial download is of another version of the file and is discarded.
  const isTransient = [408, 412, 416, 429].includes(status) || status >= 500;
  return new FetchFailure(`it answers ${status}`, { isTransient, hint, status });
}

function hintOf(status: number): string {
  switch (status) {
    case 401:
    case 403:
      return 'it needs credentials: pass a presigned URL, or use s3:// or gs:// and log in there';
    case 404:
    case 410:
      return 'check the URL; on the Hugging Face Hub use /resolve/REVISION/, not /blob/';
    default:
      return 'try again later; what was downloaded is kept';
  }
}
