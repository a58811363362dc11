/** The part of the WebAssembly interface used here, which Node's declarations omit. */
interface WebAssemblyInterface {
  Module: new (bytes: Uint8Array) => object;
  Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  Instance: new (module: object, imports: Record<string, Record<string, unknown>>) => { exports: object };
}

const pageBytes = 65_536;

/**
 * Returns a function that makes an instance of assembled code, with a memory of its own, of at least so many bytes. The
 * code is compiled once. The result is `undefined` if the platform has no WebAssembly, refuses to compile it, as
 * Cloudflare's does, or has no free memory for it.
 */
export function wasmCode<Exports>(
  code: string,
): (bytes: number) => { buffer: ArrayBuffer; exports: Exports } | undefined {
  let compiled: object | undefined;
  return bytes => {
    const { WebAssembly: api } = globalThis as unknown as { WebAssembly?: WebAssemblyInterface };
    if (api === undefined) {
      return undefined;
    }
    try {
      compiled ??= new api.Module(Uint8Array.from(atob(code), letter => letter.charCodeAt(0)));
      const pages = Math.max(1, Math.ceil(bytes / pageBytes));
      const memory = new api.Memory({ initial: pages, maximum: pages });
      const { exports } = new api.Instance(compiled, { '': { memory } });
      return { buffer: memory.buffer, exports: exports as Exports };
    } catch {
      return undefined;
    }
  };
}
