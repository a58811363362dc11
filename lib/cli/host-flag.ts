import { Option } from 'commander';

/** `--host`, for the commands that serve. */
export function hostOption(): Option {
  const text =
    'a host name to accept besides localhost, or the IP address to listen on instead of 127.0.0.1; repeatable';
  return new Option('--host <host>', text).argParser((host: string, others: string[] = []) => [
    ...others,
    host,
  ]);
}
