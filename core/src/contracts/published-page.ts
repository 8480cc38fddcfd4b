/** What a published page says of itself, as it was put on record. */
export interface PageManifest {
  /** The notebook's file, its name alone. */
  notebook: string;
  /** Digest of everything that the page shows. */
  page: string;
  cells: {
    name?: string;
    /** Digest of what the cell's section shows. */
    section: string;
    /** The activity whose result it shows, and the hash of its record. */
    activity?: string;
    record?: string;
  }[];
}

/** What a page carries beside what it shows. */
export interface Publication {
  /** The manifest as JSON, the very text that is on record by its digest. */
  manifest: string;
  /** The activity that put it on record. */
  activity: string;
}
