/** A store's refusal, or a connection that broke; whether to ask again stands in it. */
export class FetchFailure extends Error {
  override readonly name = 'FetchFailure';
  readonly isTransient: boolean;
  readonly hint: string;
  /** Of an HTTP answer. */
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

/** The failure that an HTTP status stands for. */
export function statusFailure(status: number, hint = hintOf(status)): FetchFailure {
  // 412 and 416: what is there is of another state of the file, and counts for nothing.
  const isTransient = [408, 412, 416, 429].includes(status) || status >= 500;
  return new FetchFailure(`it answers ${status}`, { isTransient, hint, status });
}

function hintOf(status: number): string {
  switch (status) {
    case 401:
    case 403:
      return 'it needs credentials: give a presigned URL, or s3:// or gs:// and log in there';
    case 404:
    case 410:
      return 'check the URL; on the Hugging Face Hub use /resolve/REVISION/, not /blob/';
    default:
      return 'try again later; what was downloaded is kept';
  }
}
