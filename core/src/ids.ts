/** The id of what has this content: a word for its kind and the first 16 hex digits of its sha256 (64 bits), e.g. `twin-0123456789abcdef`. */
export const contentId = (kind: string, digest: string): string => `${kind}-${digest.slice(0, 16)}`;
