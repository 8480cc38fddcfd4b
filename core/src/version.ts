declare const BREGMA_VERSION: string | undefined;

/** Version and source digest of the running code; the build writes it in, a run from source says so. */
export const codeVersion: string = typeof BREGMA_VERSION === 'string' ? BREGMA_VERSION : '0.1.0+source';
