/** What is wrong with bytes that should be text in UTF-8, and how to correct it. */
export interface TextFault {
  problem: string;
  hint: string;
}

/** Decodes UTF-8, without a byte order mark. PowerShell's `>` writes UTF-16, older editors the code page of the system. */
export function decodeText(bytes: Uint8Array): string | TextFault {
  const fault = faultOf(bytes);
  if (fault !== undefined) {
    return fault;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return notUtf8;
  }
}

export const notUtf8: TextFault = {
  problem: 'is not UTF-8 text',
  hint: 'save it as UTF-8; for a file of Windows: iconv -f WINDOWS-1252 -t UTF-8 FILE',
};

const utf16: TextFault = {
  problem: 'is not UTF-8 text, but UTF-16',
  hint: 'save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE',
};

/** Whether bytes begin as UTF-16 does: with a byte order mark, or with a zero in every other byte. */
function faultOf(bytes: Uint8Array): TextFault | undefined {
  const [first, second] = bytes;
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isMarked || (bytes.length > 1 && (first === 0) !== (second === 0)) ? utf16 : undefined;
}
